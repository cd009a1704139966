import { defineComponent, h, type VNodeChild } from 'vue';
import { parseFormattedText, type TextNode } from '../../text/formatted-text.ts';
import { inPieces } from '../../text/pieces.ts';

/** A message's text with WhatsApp's marks and links as elements. */
export const FormattedText = defineComponent({
  name: 'FormattedText',
  props: { text: { type: String, required: true } },
  setup: (props) => () => parseFormattedText(props.text).map(draw),
});

function draw(node: TextNode): VNodeChild {
  if (node.type === 'text') return inPieces(node.text);
  if (node.type === 'mono')
    return h('code', { class: 'rounded bg-black/5 px-1 font-mono text-[0.9em] dark:bg-white/10' }, inPieces(node.text));
  if (node.type === 'link') {
    const attributes = { href: node.href, target: '_blank', rel: 'noopener noreferrer nofollow' };
    return h(
      'a',
      { ...attributes, class: 'underline underline-offset-2 break-all hover:no-underline' },
      inPieces(node.text),
    );
  }
  const tags = { bold: 'strong', italic: 'em', strike: 's' } as const;
  return h(tags[node.type], node.children.map(draw));
}

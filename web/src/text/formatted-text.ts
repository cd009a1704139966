/** WhatsApp's own marks, as a tree. Text stays text: nothing in it is ever read as HTML. */
export type TextNode =
  | { type: 'text'; text: string }
  | { type: 'link'; href: string; text: string }
  | { type: 'mono'; text: string }
  | { type: 'bold' | 'italic' | 'strike'; children: TextNode[] };

const marks = { '*': 'bold', _: 'italic', '~': 'strike' } as const;
type Mark = keyof typeof marks;

const linkPattern = /(?:https?:\/\/|www\.)[^\s<>"“”]+/iy;
const trailing = /[.,;:!?'’)\]}*_~]+$/;

/** Linear in the length of the text, whatever it holds: customers write it. */
export function parseFormattedText(text: string): TextNode[] {
  const nodes: TextNode[] = [];
  const hopeless = new Map<string, number>();
  let plain = 0;
  let at = 0;

  while (at < text.length) {
    const found = readLink(text, at) ?? readMono(text, at, hopeless) ?? readMark(text, at, hopeless);
    if (found) {
      if (plain < at) nodes.push({ type: 'text', text: text.slice(plain, at) });
      nodes.push(found.node);
      at = found.end;
      plain = at;
    } else at += 1;
  }
  if (plain < text.length) nodes.push({ type: 'text', text: text.slice(plain) });
  return nodes;
}

interface Found {
  node: TextNode;
  end: number;
}

function readLink(text: string, at: number): Found | undefined {
  const first = text[at];
  if ((first !== 'h' && first !== 'w' && first !== 'H' && first !== 'W') || !isEdge(text[at - 1])) return undefined;
  linkPattern.lastIndex = at;
  const match = linkPattern.exec(text)?.[0].replace(trailing, '');
  const href = match && webAddress(match);
  return match && href ? { node: { type: 'link', href, text: match }, end: at + match.length } : undefined;
}

/** Only the web's own schemes. */
function webAddress(text: string): string | undefined {
  const candidate = /^www\./i.test(text) ? `https://${text}` : text;
  if (!URL.canParse(candidate)) return undefined;
  const url = new URL(candidate);
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname.includes('.') ? url.href : undefined;
}

function readMono(text: string, at: number, hopeless: Map<string, number>): Found | undefined {
  if (text[at] !== '`') return undefined;
  const fence = text.startsWith('```', at) ? '```' : '`';
  if (at < (hopeless.get(fence) ?? 0)) return undefined;
  const end = text.indexOf(fence, at + fence.length);
  const inside = end < 0 ? '' : text.slice(at + fence.length, end);
  if (end < 0) hopeless.set(fence, text.length);
  if (inside.trim() === '' || (fence === '`' && inside.includes('\n'))) return undefined;
  return { node: { type: 'mono', text: inside }, end: end + fence.length };
}

function readMark(text: string, at: number, hopeless: Map<string, number>): Found | undefined {
  const mark = text[at];
  if (!isMark(mark) || !isEdge(text[at - 1]) || isBlank(text[at + 1]) || at < (hopeless.get(mark) ?? 0))
    return undefined;
  const end = closing(text, mark, at + 1, hopeless);
  if (end === undefined) return undefined;
  return { node: { type: marks[mark], children: parseFormattedText(text.slice(at + 1, end)) }, end: end + 1 };
}

/** On the same line, after something, before a gap. What isn't found once isn't looked for again on that line. */
function closing(text: string, mark: Mark, from: number, hopeless: Map<string, number>): number | undefined {
  let at = from;
  for (; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === mark && at > from && !isBlank(text[at - 1]) && isEdge(text[at + 1])) return at;
  }
  hopeless.set(mark, at);
  return undefined;
}

function isMark(character: string | undefined): character is Mark {
  return character === '*' || character === '_' || character === '~';
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

/** Beginning, end, space, punctuation: where a word can't go on. */
function isEdge(character: string | undefined): boolean {
  return character === undefined || !/[\p{L}\p{N}]/u.test(character);
}

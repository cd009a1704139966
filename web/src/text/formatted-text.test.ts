import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFormattedText, type TextNode } from './formatted-text.ts';

function written(nodes: readonly TextNode[]): string {
  return nodes
    .map((node) =>
      'children' in node
        ? `<${node.type}>${written(node.children)}</${node.type}>`
        : node.type === 'text'
          ? node.text
          : `<${node.type}>${node.text}</${node.type}>`,
    )
    .join('');
}

const bare = (value: string) => value.replaceAll(/[*_~`]/g, '');
const read = (text: string) => written(parseFormattedText(text));

describe('parseFormattedText', () => {
  it.each([
    ['*forte*', '<bold>forte</bold>'],
    ['um _dois_ ~três~', 'um <italic>dois</italic> <strike>três</strike>'],
    ['*muito _junto_ mesmo*', '<bold>muito <italic>junto</italic> mesmo</bold>'],
    ['`código` e ```dois\nlinhas```', '<mono>código</mono> e <mono>dois\nlinhas</mono>'],
    ['2*3*4 e snake_case_nome', '2*3*4 e snake_case_nome'],
    ['* não é lista *', '* não é lista *'],
    ['*aberto\nfechado*', '*aberto\nfechado*'],
    ['veja https://example.com/a_b_c.', 'veja <link>https://example.com/a_b_c</link>.'],
    ['(www.example.com)', '(<link>www.example.com</link>)'],
    ['javascript:alert(1) ftp://example.com', 'javascript:alert(1) ftp://example.com'],
    ['<b>nada</b>', '<b>nada</b>'],
  ])('reads %j', (text, expected) => expect(read(text)).toBe(expected));

  it('links to web addresses only', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('http://', 'https://', 'www.', 'a.b', '@', ':', '/', '"', ' ', '*', 'javascript:'), {
          maxLength: 12,
        }),
        (parts) => {
          const links = parseFormattedText(parts.join('')).filter((node) => node.type === 'link');
          expect(links.filter(({ href }) => !/^https?:\/\//.test(href))).toEqual([]);
        },
      ),
    );
  });

  it('loses no text', () => {
    const plain = (nodes: readonly TextNode[]): string =>
      nodes.map((node) => ('children' in node ? plain(node.children) : node.text)).join('');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('*', '_', '~', '`', ' ', 'a', 'é', '\n', '😀', '.') }), (text) => {
        expect(bare(plain(parseFormattedText(text)))).toBe(bare(text));
      }),
    );
  });

  it('stays quick on the longest hostile text', () => {
    const start = performance.now();
    for (const unit of ['*a ', '`a\n', '_*~a ', 'www.', '```']) parseFormattedText(unit.repeat(65_536 / unit.length));
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

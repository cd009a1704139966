/**
 * Nobody writes such a word; a browser needs seconds for one of 60,000 letters, since it shapes the rest of it anew for
 * each line.
 */
const longestWord = 200;
const pieceLength = 100;

const longWords = new RegExp(String.raw`\S{${longestWord + 1},}`, 'gu');
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A text in pieces that a browser breaks into lines in linear time: joined they are the text. Each is drawn as a text
 * node of its own. Ordinary texts are one piece. What belongs together as one character (a letter with its accents, an
 * emoji) stays in one piece, up to a length that only an attacker writes.
 */
export function inPieces(text: string): string[] {
  const pieces: string[] = [];
  let plain = 0;
  for (const { 0: word, index } of text.matchAll(longWords)) {
    if (plain < index) pieces.push(text.slice(plain, index));
    pieces.push(...cutWord(word));
    plain = index + word.length;
  }
  if (plain < text.length) pieces.push(text.slice(plain));
  return pieces;
}

function cutWord(word: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && piece.length + segment.length > pieceLength) {
      pieces.push(piece);
      piece = '';
    }
    // A letter under thousands of accents is one character too.
    if (segment.length > pieceLength) pieces.push(...(segment.match(new RegExp(`.{1,${pieceLength}}`, 'gsu')) ?? []));
    else piece += segment;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

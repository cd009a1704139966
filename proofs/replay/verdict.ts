/** One line of text that must appear in a chat, in this order. */
export interface ExpectedTurn {
  from: 'customer' | 'business';
  text: string;
}

/** One line of text that did appear. */
export type SeenTurn = ExpectedTurn;

export interface ChatVerdict {
  lost: number;
  duplicated: number;
  outOfOrder: number;
  foreign: number;
}

/**
 * Compares what a chat shows with what was said in it. Texts may repeat inside a chat, so lines are matched as a
 * multiset for losses, duplicates and strangers, and by the longest increasing run of positions for order.
 */
export function judgeChat(expected: readonly ExpectedTurn[], seen: readonly SeenTurn[]): ChatVerdict {
  const open = new Map<string, number[]>();
  for (const [position, turn] of expected.entries()) {
    const key = keyOf(turn);
    open.set(key, [...(open.get(key) ?? []), position]);
  }
  const positions: number[] = [];
  let duplicated = 0;
  let foreign = 0;
  for (const turn of seen) {
    const waiting = open.get(keyOf(turn));
    if (!waiting) foreign += 1;
    else if (waiting.length === 0) duplicated += 1;
    else positions.push(waiting.shift() ?? 0);
  }
  const lost = [...open.values()].reduce((sum, waiting) => sum + waiting.length, 0);
  return { lost, duplicated, foreign, outOfOrder: positions.length - longestIncreasing(positions) };
}

function keyOf({ from, text }: ExpectedTurn): string {
  return `${from}\n${text}`;
}

/** Length of the longest strictly increasing subsequence (patience sorting). */
function longestIncreasing(numbers: readonly number[]): number {
  const tails: number[] = [];
  for (const number of numbers) {
    const place = tails.findIndex((tail) => tail >= number);
    if (place === -1) tails.push(number);
    else tails[place] = number;
  }
  return tails.length;
}

import { describe, expect, it } from 'vitest';
import { judgeChat, type ExpectedTurn } from './verdict.ts';

const clean = { lost: 0, duplicated: 0, outOfOrder: 0, foreign: 0 };
const said = (...texts: string[]): ExpectedTurn[] => texts.map((text) => ({ from: 'customer', text }));

describe('verdict on a chat', () => {
  it('finds nothing wrong with what was said, even when a line repeats', () => {
    expect(judgeChat(said('oi', 'sim', 'sim'), said('oi', 'sim', 'sim'))).toEqual(clean);
  });

  it('counts a missing line as lost', () => {
    expect(judgeChat(said('oi', 'sim', 'sim'), said('oi', 'sim'))).toEqual({ ...clean, lost: 1 });
  });

  it('counts a line shown twice as duplicated', () => {
    expect(judgeChat(said('oi', 'sim'), said('oi', 'oi', 'sim'))).toEqual({ ...clean, duplicated: 1 });
  });

  it('counts a line that was never said in this chat as foreign', () => {
    expect(judgeChat(said('oi'), said('oi', 'segredo'))).toEqual({ ...clean, foreign: 1 });
  });

  it('counts a line in the wrong place as out of order', () => {
    expect(judgeChat(said('a', 'b', 'c', 'd'), said('a', 'c', 'b', 'd'))).toEqual({ ...clean, outOfOrder: 1 });
  });

  it('tells the two sides apart', () => {
    expect(judgeChat([{ from: 'customer', text: 'ok' }], [{ from: 'business', text: 'ok' }])).toEqual({
      ...clean,
      lost: 1,
      foreign: 1,
    });
  });
});

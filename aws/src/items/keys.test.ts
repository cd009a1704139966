import { describe, expect, it } from 'vitest';
import { keys, partitionOf, prefixes, shardKey } from './keys.ts';

describe('sort keys', () => {
  it('of one kind are never found under the prefix of another', () => {
    const all = Object.values(prefixes);
    for (const prefix of all) expect(all.filter((other) => other.startsWith(prefix))).toEqual([prefix]);
  });

  it('stay what stored rows have', () => {
    const made = Object.values(keys).map((key) => (typeof key === 'string' ? key : key(...sampleIds)));
    expect([partitionOf('u'), shardKey(3), ...made]).toMatchInlineSnapshot(`
      [
        "USER#u",
        "SHARD#3",
        "PROFILE",
        "SEQ",
        "WHATSAPP",
        "CHECKPOINT",
        "SEARCH",
        "PASSKEYANSWER#7",
        "CREDENTIAL#7",
        "OAUTHSTATE#7",
        "PEER#7",
        "CHAT#7",
        "MSG#7#",
        "MSG#7#b",
        "WAMSG#7#b#c",
        "COMMAND#7",
        "PENDING#7",
        "OUTGOING#7#",
        "OUTGOING#7#b",
        "IDEMPOTENCY#7",
        "SUGGESTION#7",
        "OPENSUGGESTION#7",
        "APPOINTMENT#7",
        "EVENT#000000000007",
        "TICKET#7",
        "CONNECTION#7",
        "LOGIN#7",
        "LOGINSENDED",
        "USAGE#7",
        "SEARCHPART#7",
      ]
    `);
  });
});

/** For keys of up to three parts. */
const sampleIds = [7, 'b', 'c'] as unknown as [never, never, never];

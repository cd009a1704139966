import type { Log } from '@top-active/aws';
import { expect, it } from 'vitest';
import type { EngineEvent, EngineMessage, EngineSession } from '../engine/engine.ts';
import { createSelfTest, stepsMissing } from './self-test.ts';
import { createSelfTestPlan } from './self-test-plan.ts';

const ignore = () => undefined;
const peer = '5511999990000@c.us';
const account = { phone: '5511999990000', name: 'Clínica Aurora', platform: 'android' };
const operator = '6f1e6f0e-2f6b-4a53-9d2e-0d0f6a1f7c11';
const build = '2.3000.1048032155';

const sent: EngineMessage = {
  peer,
  waId: `true_${peer}_3EB0_out`,
  stanzaId: '3EB0',
  fromMe: true,
  kind: 'text',
  text: 'teste',
  sentAt: 1_795_000_000,
  delivery: 'pending',
};
const told: EngineEvent = { type: 'message', message: sent };
const taken: EngineEvent = { type: 'delivery', peer, stanzaId: '3EB0', delivery: 'sent' };

it('misses nothing of a message that was told, stored and acknowledged', () => {
  expect(stepsMissing([told, taken], sent, true)).toEqual([]);
  // WhatsApp was quicker than the answer.
  expect(stepsMissing([told], { ...sent, delivery: 'sent' }, true)).toEqual([]);
});

it('names what did not happen', () => {
  expect(stepsMissing([], sent, false)).toEqual(['told', 'readable', 'stored', 'acknowledged']);
  expect(stepsMissing([told], sent, true)).toEqual(['acknowledged']);
  expect(stepsMissing([told, { ...taken, delivery: 'failed' }], sent, true)).toEqual(['acknowledged']);
  expect(stepsMissing([told, { ...taken, stanzaId: 'OTHER' }], sent, true)).toEqual(['acknowledged']);
});

it('takes no message for told that the witness had to tell, or that only opens on the phone', () => {
  expect(stepsMissing([{ type: 'missed', level: 'deaf', messages: 1 }, told, taken], sent, true)).toEqual(['told']);
  expect(stepsMissing([{ type: 'missed', level: 'unreadable', messages: 1 }, told, taken], sent, true)).toEqual([
    'readable',
  ]);
  const damaged: EngineEvent = {
    type: 'message',
    message: { ...sent, text: '', content: { onPhone: { reason: 'damaged' } } },
  };
  expect(stepsMissing([damaged, taken], sent, true)).toEqual(['readable']);
});

it('is made once for each build, once a day, and with nobody else’s account', () => {
  let now = 0;
  const plan = createSelfTestPlan(operator, () => now);
  expect([plan.isFor(operator), plan.isFor('another')]).toEqual([true, false]);
  expect(createSelfTestPlan(undefined).isFor(operator)).toBe(false);
  expect([plan.claim('1'), plan.claim('1'), plan.claim('2')]).toEqual([true, false, false]);
  now = 25 * 3_600_000;
  expect([plan.claim('1'), plan.claim('2')]).toEqual([false, true]);
});

/** A session that sends to itself, and what the log says of it in the end. */
async function outcomeOf(tell: readonly EngineEvent[], isStored = true) {
  const lines: [string, unknown][] = [];
  const note = (message: string, data?: unknown) => void lines.push([message, data]);
  const log: Log = { debug: ignore, info: note, warn: note, error: note };
  const texts: string[] = [];
  const test = createSelfTest({
    plan: createSelfTestPlan(operator),
    isStored: () => Promise.resolve(isStored),
    patienceMs: 300,
    log,
  });
  const engine = {
    sendText(to: string, text: string) {
      expect(to).toBe(peer);
      texts.push(text);
      // All of it is told before the sending has its answer.
      for (const event of tell) test.hear(event.type === 'message' ? { ...event, message: { ...sent, text } } : event);
      return Promise.resolve({ ...sent, text });
    },
  } as unknown as EngineSession;
  test.onBuild(build, { engine, account });
  test.onBuild('2.3000.2', { engine, account });
  await expect.poll(() => lines.length, { timeout: 5_000 }).toBe(1);
  expect(texts).toHaveLength(1);
  return lines[0];
}

it('says in the log that it passed, or what was missing', async () => {
  expect(await outcomeOf([told, taken])).toMatchObject(['Self-test passed', { build }]);
  expect(await outcomeOf([told])).toEqual(['Self-test failed', { build, missing: 'acknowledged' }]);
  expect(await outcomeOf([told, taken], false)).toEqual(['Self-test failed', { build, missing: 'stored' }]);
});

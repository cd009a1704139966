import { expect, it } from 'vitest';
import { reasonOf } from './pairing-calls.ts';

it.each([
  // As reported by users of the library.
  [
    '{"name":"CompanionHelloError","type":{"name":"IQErrorRateOverlimit","value":{"text":"rate-overlimit","code":429}}}',
    'too_many',
  ],
  [
    '{"name":"CompanionHelloError","type":{"name":"IQErrorItemNotFound","value":{"text":"item-not-found","code":404}}}',
    'not_on_whatsapp',
  ],
  [
    '{"name":"CompanionHelloError","type":{"name":"IQErrorBadRequest","value":{"text":"bad-request","code":400}}}',
    'not_on_whatsapp',
  ],
  ['{"name":"TypeError","message":"x is not a function"}', 'unavailable'],
])('%s is %s', (refusal, reason) => {
  expect(reasonOf(refusal)).toBe(reason);
});

import { expect, it } from 'vitest';
import { pairingCodeRequestSchema } from './pairing-request.ts';

it('the request says what is wrong and what to do', () => {
  expect(pairingCodeRequestSchema.parse({ phone: '(11) 91234-5678' })).toEqual({ phone: '5511912345678' });
  const { error } = pairingCodeRequestSchema.safeParse({ phone: '12' });
  expect(error?.issues[0]?.message).toMatch(/too few or too many digits: send area code/);
});

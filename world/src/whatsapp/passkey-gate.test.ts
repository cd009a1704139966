import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSoftwarePasskey, type SoftwarePasskey } from '@top-active/core/test-support';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WaitingDevice } from './waiting-device.ts';
import type { PasskeyGate } from './passkey-gate.ts';
import type { ServerFrame } from './wire.ts';
import { createWorldCore, type WorldCore } from './world.ts';

/** What WhatsApp's server would accept, and what it must not. */
const owner = '5511900000001';
const neighbour = '5511900000002';

let dir: string;
let core: WorldCore;
let gate: PasskeyGate;
let clock: number;
let sent: ServerFrame[];
let device: WaitingDevice;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passkey-gate-'));
  clock = Date.UTC(2026, 10, 1);
  core = createWorldCore({ dir, now: () => clock });
  ({ gate } = core.linking);
  for (const number of [owner, neighbour]) core.parts.accounts.add({ number, name: number });
  sent = [];
  device = {
    id: 'device-1',
    noiseKey: 'noise',
    identityKey: 'identity',
    secret: 'secret',
    send: (frame) => sent.push(frame),
  };
});

afterEach(async () => {
  core.close();
  await rm(dir, { recursive: true, force: true });
});

const passkey = (): SoftwarePasskey => core.parts.passkeys.of(owner);
const linked = () => core.parts.devices.of(owner).length;

function demand(): string {
  gate.demand(owner, device);
  const asked = sent.findLast((frame) => frame.t === 'passkey');
  return asked?.challenge ?? '';
}

/** The reason that the page is told. */
async function refusalOf(credential: unknown): Promise<string> {
  await gate.answer(device.id, credential);
  const refused = sent.findLast((frame) => frame.t === 'link-refused');
  expect(linked()).toBe(0);
  return refused?.reason ?? 'not refused';
}

describe('the passkey gate', () => {
  it('links with the signature of the owner’s passkey, and counts it', async () => {
    const challenge = demand();
    expect([owner, neighbour].map((number) => gate.challengeOf(number))).toEqual([challenge, null]);
    await gate.answer(device.id, core.parts.passkeys.sign(owner, challenge));
    expect(gate.challengeOf(owner)).toBeNull();
    expect(sent.at(-1)).toMatchObject({ t: 'paired' });
    expect(linked()).toBe(1);
    expect(core.parts.passkeys.find(passkey().id)?.counter).toBe(1);
  });

  it('refuses a signature made with another key under the same name', async () => {
    const forged = createSoftwarePasskey({
      userHandle: owner,
      kept: { id: passkey().id, privateKey: createSoftwarePasskey().privateKey },
    });
    expect(await refusalOf(forged.sign({ challenge: demand() }))).toContain('the signature is wrong');
  });

  it('refuses an answer to an older challenge', async () => {
    const old = demand();
    demand();
    expect(await refusalOf(passkey().sign({ challenge: old }))).toContain(
      'Unexpected authentication response challenge',
    );
  });

  it.each([
    ['of another site', { origin: 'https://whatsapp.evil.example' }, 'Unexpected authentication response origin'],
    ['of another scheme', { origin: 'http://web.whatsapp.com' }, 'Unexpected authentication response origin'],
    ['for another rpId', { site: 'evil.example' }, 'Unexpected RP ID hash'],
    ['of a registration', { type: 'webauthn.create' }, 'Unexpected authentication response type'],
    ['without the user’s verification', { flags: 0x01 }, 'User verification'],
    ['without the user', { flags: 0x04 }, 'User not present'],
  ])('refuses a signature %s', async (_what, changes, reason) => {
    expect(await refusalOf(passkey().sign({ challenge: demand(), ...changes }))).toContain(reason);
  });

  it('refuses a changed authenticator data under a signature that was good', async () => {
    const credential = passkey().sign({ challenge: demand() });
    const data = Buffer.from(credential.response.authenticatorData, 'base64url');
    data.writeUInt32BE(77, 33);
    const response = { ...credential.response, authenticatorData: data.toString('base64url') };
    expect(await refusalOf({ ...credential, response })).toContain('the signature is wrong');
  });

  it('refuses another account’s passkey, and one that nobody has', async () => {
    expect(await refusalOf(core.parts.passkeys.sign(neighbour, demand()))).toContain('belongs to another account');
    expect(await refusalOf(createSoftwarePasskey().sign({ challenge: demand() }))).toContain('nobody has this passkey');
    demand();
    expect(await refusalOf({ id: 'no credential' })).toContain('this is no assertion');
  });

  it('refuses a copy of an authenticator: its count goes back', async () => {
    core.parts.passkeys.count(passkey().id, 7);
    expect(await refusalOf(passkey().sign({ challenge: demand(), counter: 6 }))).toMatch(/counter/i);
  });

  it('refuses what comes too late, and takes one answer only', async () => {
    const challenge = demand();
    clock += 600_000;
    expect(await refusalOf(core.parts.passkeys.sign(owner, challenge))).toContain('too late');
    clock -= 600_000;
    const frames = sent.length;
    await gate.answer(device.id, core.parts.passkeys.sign(owner, challenge));
    expect(sent).toHaveLength(frames);
    expect(linked()).toBe(0);
  });
});

describe('the code to compare', () => {
  beforeEach(async () => {
    core.parts.faults.set({ compareCode: true }, owner);
    await gate.answer(device.id, core.parts.passkeys.sign(owner, demand()));
  });

  it('is the same on page and phone, and links once the page is told so', () => {
    expect(gate.codeOf(owner)).toMatch(/^[1-9A-Z]{4}-[1-9A-Z]{4}$/);
    expect(sent.at(-1)).toEqual({ t: 'compare-code', code: gate.codeOf(owner) });
    expect(linked()).toBe(0);
    gate.confirmCode(device.id);
    expect(sent.at(-1)).toMatchObject({ t: 'paired' });
    expect(gate.codeOf(owner)).toBeNull();
  });

  it('links nothing when the phone’s owner says that it differs', () => {
    gate.refuseCode(owner);
    expect(sent.some((frame) => frame.t === 'link-refused' && frame.reason.includes('the codes differ'))).toBe(true);
    gate.confirmCode(device.id);
    expect(linked()).toBe(0);
  });
});

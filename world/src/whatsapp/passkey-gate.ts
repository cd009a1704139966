import { randomBytes, randomInt } from 'node:crypto';
import { passkeyCredentialSchema, type PasskeyCredential } from '@top-active/core/contracts';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { WaitingDevice } from './waiting-device.ts';
import type { WorldParts } from './parts.ts';

/** The question that WhatsApp puts between code and link. */
export interface PasskeyGate {
  /**
   * Asks the page for a signature with the phone's passkey. A question that it was asked before is worth nothing any
   * more.
   */
  demand(number: string, device: WaitingDevice): void;
  /** What the page gives for an answer. One answer for each question, whatever it is. */
  answer(deviceId: string, credential: unknown): Promise<void>;
  /** The person at the page, or the page itself, wants no passkey. */
  decline(deviceId: string, why: string): void;
  /** The person at the page says that the phone shows the same code. */
  confirmCode(deviceId: string): void;
  /** What the phone's owner is asked to sign. */
  challengeOf(number: string): string | null;
  /** The code that the phone shows, for its owner to compare. */
  codeOf(number: string): string | null;
  /** The phone's owner sees that the codes differ. */
  refuseCode(number: string): void;
  forget(deviceId: string): void;
}

interface Demand {
  number: string;
  device: WaitingDevice;
  challenge: string;
  /** Unix time, milliseconds. */
  expires: number;
}

const codeAlphabet = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

/**
 * Verifies like a server: signature, challenge, origin, site, presence and verification of the user, and the
 * authenticator's count, by a library for it.
 */
export function createPasskeyGate({
  parts,
  onPassed,
  onRefused,
}: {
  parts: WorldParts;
  onPassed: (number: string, device: WaitingDevice) => void;
  onRefused: (device: WaitingDevice) => void;
}): PasskeyGate {
  const { passkeys, faults, events, now } = parts;
  const demands = new Map<string, Demand>();
  const comparisons = new Map<string, { number: string; device: WaitingDevice; code: string }>();

  function refuse({ number, device }: Pick<Demand, 'number' | 'device'>, why: string): void {
    events.record({ kind: 'link-refused', phone: number, data: { device: device.id, why } });
    device.send({ t: 'link-refused', reason: `WhatsApp does not link this device: ${why}.` });
    onRefused(device);
  }

  async function verify({ number, challenge, expires }: Demand, input: unknown): Promise<string | undefined> {
    const parsed = passkeyCredentialSchema.safeParse(input);
    if (!parsed.success) return 'this is no assertion';
    if (now() >= expires) return 'the passkey came too late';
    const credential = parsed.data;
    const known = passkeys.find(credential.id);
    if (known === undefined) return 'nobody has this passkey';
    if (known.phone !== number) return 'this passkey belongs to another account';
    const problem = await verified({ credential, challenge, known });
    return problem;
  }

  async function verified({
    credential,
    challenge,
    known,
  }: {
    credential: PasskeyCredential;
    challenge: string;
    known: { publicKey: Uint8Array<ArrayBuffer>; counter: number };
  }): Promise<string | undefined> {
    try {
      const { verified: isGood, authenticationInfo } = await verifyAuthenticationResponse({
        response: {
          id: credential.id,
          rawId: credential.rawId,
          type: credential.type,
          clientExtensionResults: {},
          response: {
            clientDataJSON: credential.response.clientDataJSON,
            authenticatorData: credential.response.authenticatorData,
            signature: credential.response.signature,
          },
        },
        expectedChallenge: challenge,
        expectedOrigin: 'https://web.whatsapp.com',
        expectedRPID: 'whatsapp.com',
        credential: { id: credential.id, publicKey: known.publicKey, counter: known.counter },
        requireUserVerification: true,
      });
      if (!isGood) return 'the signature is wrong';
      passkeys.count(credential.id, authenticationInfo.newCounter);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  function pass({ number, device }: Pick<Demand, 'number' | 'device'>): void {
    if (!faults.of(number).compareCode) return onPassed(number, device);
    const characters = Array.from({ length: 8 }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('');
    const code = `${characters.slice(0, 4)}-${characters.slice(4)}`;
    comparisons.set(device.id, { number, device, code });
    events.record({ kind: 'link-code', phone: number, data: { device: device.id, code } });
    return device.send({ t: 'compare-code', code });
  }

  return {
    demand(number, device) {
      const { passkeyMs, passkeyContinue } = faults.of(number);
      const challenge = randomBytes(32).toString('base64url');
      demands.set(device.id, { number, device, challenge, expires: now() + passkeyMs });
      events.record({ kind: 'passkey-demanded', phone: number, data: { device: device.id } });
      device.send({ t: 'passkey', challenge, timeout: passkeyMs, button: passkeyContinue });
    },
    async answer(deviceId, credential) {
      const demand = demands.get(deviceId);
      if (demand === undefined) return;
      demands.delete(deviceId);
      const problem = await verify(demand, credential);
      if (problem === undefined) pass(demand);
      else refuse(demand, problem);
    },
    decline(deviceId, why) {
      const demand = demands.get(deviceId);
      demands.delete(deviceId);
      if (demand !== undefined) refuse(demand, why);
    },
    confirmCode(deviceId) {
      const comparison = comparisons.get(deviceId);
      comparisons.delete(deviceId);
      if (comparison !== undefined) onPassed(comparison.number, comparison.device);
    },
    challengeOf: (number) => [...demands.values()].find((one) => one.number === number)?.challenge ?? null,
    codeOf: (number) => [...comparisons.values()].find((one) => one.number === number)?.code ?? null,
    refuseCode(number) {
      for (const [deviceId, comparison] of comparisons) {
        if (comparison.number !== number) continue;
        comparisons.delete(deviceId);
        refuse(comparison, 'the codes differ');
      }
    },
    forget(deviceId) {
      demands.delete(deviceId);
      comparisons.delete(deviceId);
    },
  };
}

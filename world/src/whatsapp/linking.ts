import { randomBytes, randomInt } from 'node:crypto';
import { WhatsAppRefusal } from './errors.ts';
import type { WorldParts } from './parts.ts';
import { createPasskeyGate, type PasskeyGate } from './passkey-gate.ts';
import type { WaitingDevice } from './waiting-device.ts';

export interface Linking {
  /** Shows QR codes on the page, one after another, until it idles. */
  wait(device: WaitingDevice): void;
  changeSecret(deviceId: string, secret: string | null): void;
  stop(deviceId: string): void;
  /**
   * Links at once, or once the passkey has passed where one is demanded. @throws WhatsAppRefusal invalid, conflict,
   * expired, not-found
   */
  scan(number: string, qr: string): { device: string };
  /** @throws WhatsAppRefusal not-found when no account is registered under this number, too-many */
  requestPairingCode(deviceId: string, number: string): string;
  /** @throws WhatsAppRefusal as `scan` */
  enterPairingCode(number: string, code: string): { device: string };
  /** What is asked between code and link. */
  gate: PasskeyGate;
  close(): void;
}

interface Waiting {
  device: WaitingDevice;
  ref: string;
  shown: number;
  timer: NodeJS.Timeout;
}

interface PairingCode {
  device: string;
  number: string;
  /** Unix time, milliseconds. */
  expires: number;
  /** Wrong answers so far from the phone that it is for. */
  wrong: number;
}

/** Crockford's alphabet, which has nothing that looks like something else. */
const codeAlphabet = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
const rememberedRefs = 10_000;
const mostAnswers = 3;

export function createLinking(parts: WorldParts): Linking {
  const { accounts, devices, notes, faults, events, db, now } = parts;
  const waiting = new Map<string, Waiting>();
  const liveRefs = new Map<string, string>();
  const spentRefs = new Set<string>();
  const codes = new Map<string, PairingCode>();
  const gate = createPasskeyGate({ parts, onPassed: finish, onRefused: wait });

  function wait(device: WaitingDevice): void {
    stop(device.id);
    const { refMs } = faults.of();
    const timer = setInterval(() => rotate(device.id), refMs).unref();
    waiting.set(device.id, { device, ref: '', shown: 0, timer });
    events.record({ kind: 'link-waiting', data: { device: device.id } });
    rotate(device.id);
  }

  function rotate(deviceId: string): void {
    const state = waiting.get(deviceId);
    if (state === undefined) return;
    spend(state.ref);
    if (state.shown >= faults.of().refsBeforeIdle) {
      clearInterval(state.timer);
      events.record({ kind: 'link-idle', data: { device: deviceId } });
      state.device.send({ t: 'idle' });
      return;
    }
    state.ref = `2@${randomBytes(66).toString('base64')}`;
    state.shown += 1;
    liveRefs.set(state.ref, deviceId);
    state.device.send({ t: 'ref', ref: state.ref });
  }

  function spend(ref: string): void {
    if (!liveRefs.delete(ref)) return;
    spentRefs.add(ref);
    const [oldest] = spentRefs;
    if (spentRefs.size > rememberedRefs && oldest !== undefined) spentRefs.delete(oldest);
  }

  function stop(deviceId: string): void {
    const state = waiting.get(deviceId);
    if (state === undefined) return;
    clearInterval(state.timer);
    spend(state.ref);
    waiting.delete(deviceId);
    for (const [code, pairing] of codes) if (pairing.device === deviceId) codes.delete(code);
  }

  function scan(number: string, qr: string): { device: string } {
    const phone = accounts.get(number);
    const [ref, noiseKey, identityKey, secret] = qr.split(',');
    if (ref === undefined || noiseKey === undefined || identityKey === undefined || secret === undefined) {
      throw new WhatsAppRefusal('invalid', 'This is not a QR code of WhatsApp Web.');
    }
    if (spentRefs.has(ref)) throw new WhatsAppRefusal('expired', 'This QR code has expired. Scan the new one.');
    const state = waiting.get(liveRefs.get(ref) ?? '');
    if (state === undefined) throw new WhatsAppRefusal('conflict', 'WhatsApp does not know this QR code.');
    if (state.device.noiseKey !== noiseKey || state.device.identityKey !== identityKey) {
      throw new WhatsAppRefusal('invalid', 'The keys in this QR code are not those of the page that shows it.');
    }
    if (state.device.secret !== secret) {
      throw new WhatsAppRefusal('invalid', 'The secret in this QR code is not that of the page that shows it.');
    }
    return link(phone.number, state.device);
  }

  function link(number: string, device: WaitingDevice): { device: string } {
    if (devices.of(number).length >= faults.of(number).mostDevices) {
      throw new WhatsAppRefusal('conflict', 'This phone has as many linked devices as it takes already.');
    }
    stop(device.id);
    if (faults.of(number).passkeyAtLinking) gate.demand(number, device);
    else finish(number, device);
    return { device: device.id };
  }

  function finish(number: string, device: WaitingDevice): void {
    const { token } = db.transaction(() => {
      events.record({ kind: 'linked', phone: number, data: { device: device.id } });
      return devices.link({ id: device.id, phone: number, confirmed: notes.last() });
    });
    device.send({ t: 'paired', me: parts.views.me(number), token, afterMs: faults.of(number).pairingMs });
  }

  function requestPairingCode(deviceId: string, input: string): string {
    // By the number under which it is registered, to the digit.
    const phone = accounts.get(input);
    if (faults.of(phone.number).refusePairingCodes) {
      throw new WhatsAppRefusal('too-many', 'This number has asked for too many codes.');
    }
    const code = Array.from({ length: 8 }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('');
    for (const [other, pairing] of codes) if (pairing.device === deviceId) codes.delete(other);
    codes.set(code, {
      device: deviceId,
      number: phone.number,
      expires: now() + faults.of(phone.number).pairingCodeMs,
      wrong: 0,
    });
    events.record({ kind: 'pairing-code-requested', phone: phone.number, data: { device: deviceId } });
    return code;
  }

  function enterPairingCode(number: string, input: string): { device: string } {
    accounts.get(number);
    const code = input.replace(/[\s-]/g, '').toUpperCase();
    const pairing = codes.get(code);
    if (pairing === undefined || pairing.number !== number) {
      countWrongAnswer(number);
      throw new WhatsAppRefusal('conflict', 'This code is wrong for this phone.');
    }
    if (pairing.expires < now()) {
      codes.delete(code);
      throw new WhatsAppRefusal('expired', 'This code has expired. Ask for a new one.');
    }
    const state = waiting.get(pairing.device);
    if (state === undefined) throw new WhatsAppRefusal('conflict', 'The page that asked for this code is gone.');
    return link(number, state.device);
  }

  /** The phone may answer three times. */
  function countWrongAnswer(number: string): void {
    for (const [code, pairing] of codes) {
      if (pairing.number !== number) continue;
      pairing.wrong += 1;
      if (pairing.wrong >= mostAnswers) codes.delete(code);
    }
  }

  return {
    wait,
    changeSecret(deviceId, secret) {
      const state = waiting.get(deviceId);
      if (state !== undefined) state.device.secret = secret;
    },
    stop(deviceId) {
      stop(deviceId);
      gate.forget(deviceId);
    },
    gate,
    scan,
    requestPairingCode,
    enterPairingCode,
    close() {
      for (const { timer } of waiting.values()) clearInterval(timer);
    },
  };
}

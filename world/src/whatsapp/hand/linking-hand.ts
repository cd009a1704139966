import type { PasskeyCredential } from '@top-active/core/contracts';
import type { WorldCore } from '../world.ts';

/** As an authenticator takes it: ids in base64url, the key as PKCS#8 in base64. */
interface PhonePasskey {
  rpId: 'whatsapp.com';
  id: string;
  userHandle: string;
  privateKey: string;
}

/** How a person links devices, and unlinks them. */
export interface LinkingHand {
  /** @throws WhatsAppRefusal invalid, conflict, expired, not-found */
  scan(phone: string, qr: string): { device: string };
  enterPairingCode(phone: string, code: string): { device: string };
  /** The passkey of the phone's owner, to be put into an authenticator. */
  passkey(phone: string): PhonePasskey;
  /** Signs a challenge as the owner's authenticator would on WhatsApp's site. */
  signPasskey(phone: string, challenge: string): PasskeyCredential;
  /** The code that the phone shows while a device is being linked. */
  linkCode(phone: string): string | null;
  /** The owner sees that the page shows another code. */
  refuseLinkCode(phone: string): void;
  /** The owner taps "log out" on the phone. Without `device`: all of them. */
  unlinkDevices(phone: string, device?: string): number;
}

export function createLinkingHand({ parts, linking, connections }: WorldCore): LinkingHand {
  const { accounts, devices, passkeys } = parts;

  return {
    scan: (phone, qr) => linking.scan(phone, qr),
    enterPairingCode: (phone, code) => linking.enterPairingCode(phone, code),
    passkey(number) {
      const { id, userHandle, privateKey } = passkeys.of(accounts.get(number).number);
      return { rpId: 'whatsapp.com', id, userHandle, privateKey };
    },
    signPasskey: (number, challenge) => passkeys.sign(accounts.get(number).number, challenge),
    linkCode: (number) => linking.gate.codeOf(accounts.get(number).number),
    refuseLinkCode: (number) => linking.gate.refuseCode(accounts.get(number).number),
    unlinkDevices(phone, device) {
      accounts.get(phone);
      const ids = devices
        .of(phone)
        .map((row) => row.id)
        .filter((id) => device === undefined || id === device);
      for (const id of ids) connections.unlink(id, 'on the phone');
      return ids.length;
    },
  };
}

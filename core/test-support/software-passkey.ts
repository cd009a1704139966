import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PasskeyCredential } from '../src/contracts/passkey.ts';

interface Signing {
  /** base64url */
  challenge: string;
  origin?: string;
  site?: string;
  type?: string;
  crossOrigin?: boolean;
  /** Authenticator flags; by default the user is present and verified. */
  flags?: number;
  counter?: number;
}

/**
 * A passkey of WhatsApp's in software, for tests and simulated phones: it signs whatever it is told to, also what no
 * browser would.
 */
export interface SoftwarePasskey {
  /** base64url */
  id: string;
  /** base64url */
  userHandle: string;
  /** The public key in COSE, as a server keeps it. https://www.rfc-editor.org/rfc/rfc9053#section-7.1.1 */
  publicKey: Uint8Array<ArrayBuffer>;
  /** PKCS#8, base64: what a virtual authenticator takes. */
  privateKey: string;
  sign(signing: Signing): PasskeyCredential;
}

const presentAndVerified = 0x05;

/** A new passkey, or the one that was kept: its id and private key. */
export function createSoftwarePasskey({
  userHandle = '5511970000001',
  kept,
}: { userHandle?: string; kept?: Pick<SoftwarePasskey, 'id' | 'privateKey'> | undefined } = {}): SoftwarePasskey {
  const privateKey = kept
    ? createPrivateKey({ key: Buffer.from(kept.privateKey, 'base64'), format: 'der', type: 'pkcs8' })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const publicKey = createPublicKey(privateKey);
  const id = kept?.id ?? randomBytes(16).toString('base64url');
  const handle = Buffer.from(userHandle).toString('base64url');
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    id,
    userHandle: handle,
    publicKey: new Uint8Array(
      Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ]),
    ),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    sign({
      challenge,
      origin = 'https://web.whatsapp.com',
      site = 'whatsapp.com',
      type = 'webauthn.get',
      crossOrigin = false,
      flags = presentAndVerified,
      counter = 1,
    }) {
      const clientData = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }));
      const count = Buffer.alloc(4);
      count.writeUInt32BE(counter);
      const data = Buffer.concat([sha256(site), Buffer.from([flags]), count]);
      const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), privateKey);
      return {
        id,
        rawId: id,
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: handle,
        },
      };
    },
  };
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

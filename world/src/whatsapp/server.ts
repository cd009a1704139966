import { ensureCertificate } from './certificate.ts';
import type { PageChanges } from './page-settings.ts';
import { startPageServer } from './page-server.ts';
import { createPhoneHand, type PhoneHand } from './phone-hand.ts';
import { createWorldCore } from './world.ts';

export interface WhatsAppWorld extends PhoneHand {
  /** `https://127.0.0.1:<port>`: where `https://web.whatsapp.com` is served. */
  endpoint: string;
  port: number;
  /** Pin of the certificate's public key: base64 SHA-256. */
  spki: string;
  /** The value of `--host-resolver-rules`. */
  hostResolverRules(): string;
  /** All that a browser needs to take this world for WhatsApp. Never part of a deployment. */
  chromiumArgs: string[];
  close(): Promise<void>;
}

export interface WhatsAppWorldOptions {
  /** State and certificate live here; the same folder brings the same world back. */
  dir: string;
  /** 0, the default: any free port. */
  port?: number | undefined;
  /** Which page is served while this world runs, until it is set otherwise; absent: as the folder remembers. */
  page?: PageChanges | undefined;
  /** Unix time, milliseconds. */
  now?: (() => number) | undefined;
}

/** The simulated WhatsApp: phones, their messages, and the page that stands in for WhatsApp Web. */
export async function createWhatsAppWorld({
  dir,
  port = 0,
  page = {},
  now = Date.now,
}: WhatsAppWorldOptions): Promise<WhatsAppWorld> {
  const certificate = await ensureCertificate(dir);
  const core = createWorldCore({ dir, now, page });
  const server = await startPageServer({ certificate, connections: core.connections, parts: core.parts, port });
  const rules = `MAP web.whatsapp.com 127.0.0.1:${server.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
  return {
    ...createPhoneHand(core),
    endpoint: `https://127.0.0.1:${server.port}`,
    port: server.port,
    spki: certificate.spki,
    hostResolverRules: () => rules,
    chromiumArgs: [
      `--host-resolver-rules=${rules}`,
      `--ignore-certificate-errors-spki-list=${certificate.spki}`,
      '--disable-quic',
    ],
    async close() {
      core.connections.close();
      await server.close();
      core.close();
    },
  };
}

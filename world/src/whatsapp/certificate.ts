import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  key: string;
  cert: string;
  /** Base64 SHA-256 of the public key, for `--ignore-certificate-errors-spki-list`. */
  spki: string;
}

/**
 * The certificate of this install: made on first use, kept in `dir`, trusted only by browsers that are told its pin.
 */
export async function ensureCertificate(dir: string): Promise<Certificate> {
  mkdirSync(dir, { recursive: true });
  const keyFile = join(dir, 'web.whatsapp.com.key.pem');
  const certFile = join(dir, 'web.whatsapp.com.cert.pem');
  if (!existsSync(keyFile) || !existsSync(certFile)) {
    const made = await generate([{ name: 'commonName', value: 'web.whatsapp.com' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      notAfterDate: new Date(Date.now() + 10 * 365 * 24 * 3600 * 1000),
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'web.whatsapp.com' }] }],
    });
    writeFileSync(keyFile, made.private, { mode: 0o600 });
    writeFileSync(certFile, made.cert);
  }
  const key = readFileSync(keyFile, 'utf8');
  const cert = readFileSync(certFile, 'utf8');
  const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  return { key, cert, spki: createHash('sha256').update(publicKey).digest('base64') };
}

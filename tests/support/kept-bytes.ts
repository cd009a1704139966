import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Of a state folder: the world outside of the deployment, and the disk on which a host's browsers work. */
const notKept = ['whatsapp', 'google', 'openai', 'mailbox', 'scratch'];

export interface Found {
  file: string;
  /** Name of what was found, never itself. */
  what: string;
}

/**
 * Where in a stack's state folder any of the texts stands, in any form in which bytes keep a text: UTF-8, UTF-16, JSON
 * with escapes, base64 at each of its three places, hexadecimal.
 * @param options.but folders that are left out
 */
export function findKept(
  dir: string,
  { texts, but = notKept }: { texts: Readonly<Record<string, string>>; but?: readonly string[] },
): Found[] {
  const forms = Object.entries(texts).map(([what, text]) => ({ what, forms: formsOf(text) }));
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((file) => !but.some((folder) => file.startsWith(`${folder}/`)))
    .flatMap((file) => {
      const bytes = readFileSync(join(dir, file));
      return forms.filter((one) => one.forms.some((form) => bytes.includes(form))).map(({ what }) => ({ file, what }));
    });
}

function formsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text);
  const escaped = JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // Of each place only the characters that no neighbour's bits are in.
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64');
    return encoded.slice(shift === 0 ? 0 : shift + 1, Math.floor(((utf8.length + shift) * 8) / 6));
  });
  return [
    utf8,
    Buffer.from(text, 'utf16le'),
    ...[escaped, utf8.toString('hex'), ...base64].map((form) => Buffer.from(form)),
  ];
}

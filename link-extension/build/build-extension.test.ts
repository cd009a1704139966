import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packExtension } from './build-extension.ts';
import { manifestFor, targets } from './manifest.ts';
import { zip } from './zip.ts';

const root = join(import.meta.dirname, '..');

/** Reads an uncompressed archive by its directory, as an unpacker does. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  let at = archive.readUInt32LE(end + 16);
  for (let n = archive.readUInt16LE(end + 10); n > 0; n--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(start, start + archive.readUInt32LE(at + 24));
    expect(crc32(bytes)).toBe(archive.readUInt32LE(at + 16));
    files.set(name, bytes);
    at += 46 + nameLength;
  }
  return files;
}

describe('archive', () => {
  it('holds what was put in, also under names with accents', () => {
    const files = unzip(
      zip([
        { name: 'b/ç.txt', bytes: Buffer.from('olá') },
        { name: 'a', bytes: Buffer.alloc(0) },
      ]),
    );
    expect([...files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ['a', ''],
      ['b/ç.txt', 'olá'],
    ]);
  });

  it.each(targets)('for %s is the same at each build, and complete', async (target) => {
    const archive = await packExtension(target);
    expect(archive.equals(await packExtension(target))).toBe(true);
    expect([...unzip(archive).keys()]).toEqual([
      '_locales/en/messages.json',
      '_locales/pt_BR/messages.json',
      'background.js',
      'card.js',
      'icons/icon-128.png',
      'icons/icon-16.png',
      'icons/icon-32.png',
      'icons/icon-48.png',
      'manifest.json',
    ]);
  });

  it('holds no code that comes from elsewhere or is made at run time', async () => {
    const files = unzip(await packExtension('chromium'));
    for (const name of ['background.js', 'card.js']) {
      const code = files.get(name)?.toString() ?? '';
      expect(code).not.toMatch(/\beval\(|new Function|import\(|innerHTML|fetch\(|XMLHttpRequest|WebSocket/);
      // The one address that it knows.
      expect([...code.matchAll(/https?:\/\/[\w.-]+/g)].map(([url]) => url)).toEqual(
        name === 'background.js' ? ['https://web.whatsapp.com'] : [],
      );
    }
  });
});

describe('manifest', () => {
  it.each(targets)('for %s asks for no more than it needs', (target) => {
    const manifest = manifestFor(target, '1.2.3');
    expect(manifest).toMatchObject({
      manifest_version: 3,
      permissions: ['activeTab', 'scripting', 'storage'],
      host_permissions: ['https://web.whatsapp.com/*'],
    });
    for (const key of ['content_scripts', 'externally_connectable', 'optional_permissions', 'web_accessible_resources'])
      expect(manifest).not.toHaveProperty(key);
  });

  it('starts the background script in each browser’s own way', () => {
    expect(manifestFor('chromium', '1')['background']).toEqual({ service_worker: 'background.js' });
    expect(manifestFor('firefox', '1')['background']).toEqual({ scripts: ['background.js'] });
  });
});

describe('texts', () => {
  const languages = ['pt_BR', 'en'];
  const texts = (language: string): Record<string, { message: string }> =>
    JSON.parse(readFileSync(join(root, '_locales', language, 'messages.json'), 'utf8'));

  it('exist in both languages, none empty', () => {
    expect(Object.keys(texts('en'))).toEqual(Object.keys(texts('pt_BR')));
    for (const language of languages)
      for (const [name, { message }] of Object.entries(texts(language))) expect(message, name).not.toBe('');
  });

  it('are within the limits of the stores', () => {
    for (const language of languages) {
      expect(texts(language)['name']?.message.length).toBeLessThanOrEqual(75);
      expect(texts(language)['description']?.message.length).toBeLessThanOrEqual(132);
    }
  });

  it('are all used, and all that is used exists', () => {
    const sources = ['src', 'build'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((name) => !name.includes('.test.'))
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    );
    const code = sources.join('\n');
    const known = Object.keys(texts('en'));
    expect(known.filter((name) => !code.includes(`'${name}'`) && !code.includes(`__MSG_${name}__`))).toEqual([]);
    const used = [...code.matchAll(/\b(?:text|say|finish)\('(\w+)'\)|__MSG_(\w+)__/g)].map(([, a, b]) => a ?? b ?? '');
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { uploadWeb } from '@top-active/operations/deploy/web/upload-web';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSqsS3, type SqsS3 } from '@top-active/cloud/sqs-s3';

const bucket = 'web';
let dir: string;
let service: SqsS3;
let s3: S3Client;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'web-'));
  service = await startSqsS3({ dir: join(dir, 'state') });
  service.ensureBucket(bucket);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  s3 = new S3Client({ endpoint: service.endpoint, forcePathStyle: true, region: 'us-east-1', credentials });
});
afterEach(async () => {
  s3.destroy();
  await service.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A built web app, in a folder of its own. */
function build(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(dir, name);
  for (const [key, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), content);
  }
  return folder;
}

async function read(Key: string): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Body?.transformToString();
}

const first = {
  'index.html': '<p>1',
  'theme.js': 'dark()',
  'assets/a-1.js': 'a()',
  '.vite/manifest.json': '{}',
  '.built': 'x',
};
const second = { 'index.html': '<p>2', 'theme.js': 'dark()', 'assets/b-2.css': 'p{}' };

it('puts everything there, page last, each to be kept for as long as it holds', async () => {
  const written = await uploadWeb({ s3, bucket, folder: build('first', first) });
  expect(written).toEqual(['assets/a-1.js', 'theme.js', 'index.html']);
  const head = (Key: string) => s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
  expect(await head('index.html')).toMatchObject({ CacheControl: 'no-cache', ContentType: 'text/html; charset=utf-8' });
  expect(await head('assets/a-1.js')).toMatchObject({
    CacheControl: 'public, max-age=31536000, immutable',
    ContentType: 'text/javascript; charset=utf-8',
  });
});

it('writes only what is new, and leaves what open tabs still ask for', async () => {
  await uploadWeb({ s3, bucket, folder: build('first', first) });
  expect(await uploadWeb({ s3, bucket, folder: build('second', second) })).toEqual(['assets/b-2.css', 'index.html']);
  expect([await read('index.html'), await read('assets/a-1.js')]).toEqual(['<p>2', 'a()']);
  expect(await uploadWeb({ s3, bucket, folder: join(dir, 'second') })).toEqual([]);
});

it('writes nothing of an app that is not whole', async () => {
  const folder = build('broken', { 'assets/a-1.js': 'a()' });
  await expect(uploadWeb({ s3, bucket, folder })).rejects.toThrow(/no index.html/);
  const strange = build('strange', { 'index.html': '<p>', 'assets/a.wasm': '' });
  await expect(uploadWeb({ s3, bucket, folder: strange })).rejects.toThrow(/content type/);
  await expect(read('index.html')).rejects.toThrow(/key/i);
});

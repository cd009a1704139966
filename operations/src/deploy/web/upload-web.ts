import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateListObjectsV2, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { headersOf, inOrderOfUpload, listWebFiles } from './web-files.ts';

const atOnce = 8;

export interface UploadWebOptions {
  s3: S3Client;
  bucket: string;
  /** The built web app. */
  folder: string;
}

/**
 * Puts a built web app into its bucket, page last. What is there already is not written again, so that each version of
 * the page is one that was different. Nothing is deleted: tabs that are open go on with the assets of their own page.
 * @returns keys that were written, in their order
 */
export async function uploadWeb({ s3, bucket, folder }: UploadWebOptions): Promise<string[]> {
  const groups = inOrderOfUpload(listWebFiles(folder));
  // All kinds of files are known, before the first is written.
  for (const key of groups.flat()) headersOf(key);
  const present = await readTags(s3, bucket);
  const written: string[] = [];
  for (const group of groups)
    for (let i = 0; i < group.length; i += atOnce)
      await Promise.all(
        group.slice(i, i + atOnce).map(async (key) => {
          const body = await readFile(join(folder, key));
          if (present.get(key) === tagOf(body)) return;
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...headersOf(key) }));
          written.push(key);
        }),
      );
  return written;
}

async function readTags(s3: S3Client, Bucket: string): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
    for (const { Key, ETag } of Contents) if (Key && ETag) tags.set(Key, ETag);
  return tags;
}

/** S3's tag of an object that was put as one, under a key of S3's own: its MD5. */
function tagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

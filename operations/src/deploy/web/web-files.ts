import { readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { DeploymentError } from '../deployment-error.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.zip': 'application/zip',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Keys of a built web app in the bucket: all its files but those that builds leave for themselves (`.vite`). */
export function listWebFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep))
    .filter((path) => !path.some((part) => part.startsWith('.')))
    .map((path) => path.join('/'));
}

/** Whether a file's name changes with its content. */
export function isAsset(key: string): boolean {
  return key.startsWith('assets/');
}

/**
 * Files in the order in which they may appear: what a page needs before the page. Each group only after the one before
 * it.
 * @throws DeploymentError when there is no page
 */
export function inOrderOfUpload(keys: readonly string[]): string[][] {
  if (!keys.includes('index.html'))
    throw new DeploymentError('The built web app has no index.html.', 'Build it: npm run build -w web');
  const pages = keys.filter((key) => !isAsset(key) && key !== 'index.html');
  return [keys.filter(isAsset), pages, ['index.html']];
}

/**
 * How a file is served. `no-cache` is kept by nobody without asking whether it still holds.
 * @throws DeploymentError for a kind of file that browsers would not take
 */
export function headersOf(key: string): { ContentType: string; CacheControl: string } {
  const ContentType = contentTypes[extname(key)];
  if (!ContentType)
    throw new DeploymentError(
      `No content type is known for ${key}.`,
      'Add its extension to operations/src/deploy/web/web-files.ts, because browsers are told not to guess types.',
    );
  return { ContentType, CacheControl: isAsset(key) ? 'public, max-age=31536000, immutable' : 'no-cache' };
}

import { webSecurityHeaders } from '@top-active/core/domain';
import { createHash } from 'node:crypto';
import { createReadStream, statSync, type Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.zip': 'application/zip',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Compressed neighbours that a build may have put beside a file, best first. */
const encodings = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

interface Found {
  file: string;
  stats: Stats;
  encoding?: string | undefined;
}

/** Serves a file of the web app; paths without an extension are pages, and all pages are the one `index.html`. */
export function serveFile({
  request,
  response,
  path,
  dir,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  /** As sent. */
  path: string;
  dir: string;
}): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405, 'Method not allowed', { allow: 'GET, HEAD' });
    return;
  }
  const wanted = safePath(dir, extname(path) ? path : '/index.html');
  const found = wanted && find(wanted, request.headers['accept-encoding']);
  if (!wanted || !found) {
    refuse(response, 404, 'Not found');
    return;
  }
  const { file, stats, encoding } = found;
  const etag = etagOf(file, stats);
  const headers = {
    ...webSecurityHeaders,
    etag,
    vary: 'accept-encoding',
    'content-type': types[extname(wanted)] ?? 'application/octet-stream',
    // Vite puts a content hash into the name of everything under /assets/.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(encoding && { 'content-encoding': encoding }),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': stats.size });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const content = createReadStream(file);
  content.on('error', () => response.destroy());
  response.on('close', () => content.destroy());
  content.pipe(response);
}

function safePath(dir: string, path: string): string | undefined {
  try {
    const full = normalize(join(dir, decodeURIComponent(path)));
    return full.startsWith(dir.endsWith(sep) ? dir : dir + sep) ? full : undefined;
  } catch {
    // A malformed escape sequence names no file.
    return undefined;
  }
}

function find(file: string, accepted: string | undefined): Found | undefined {
  const plain = statsOf(file);
  if (!plain) return undefined;
  for (const { name, suffix } of encodings) {
    const compressed = accepts(accepted, name) ? statsOf(file + suffix) : undefined;
    // An older neighbour is of an earlier build.
    if (compressed && compressed.mtimeMs >= plain.mtimeMs)
      return { file: file + suffix, stats: compressed, encoding: name };
  }
  return { file, stats: plain };
}

function accepts(header = '', encoding: string): boolean {
  return header.split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((text) => text.trim());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function statsOf(file: string): Stats | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch {
    // A name that no file system takes (too long, or with a zero byte in it) names no file.
    return undefined;
  }
}

function etagOf(file: string, { size, mtimeMs }: Stats): string {
  return `"${createHash('sha256').update(`${file}:${size}:${mtimeMs}`).digest('base64url').slice(0, 22)}"`;
}

function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...webSecurityHeaders, ...headers, 'content-type': 'text/plain' }).end(text);
}

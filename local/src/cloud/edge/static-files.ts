import { webSecurityHeaders } from '@top-active/core/domain';
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Serves a file of the web app; paths without an extension are pages, and all pages are the one `index.html`. */
export function serveFile({
  request,
  response,
  path,
  dir,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  dir: string;
}): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(response, 405);
    return;
  }
  const wanted = safePath(dir, extname(path) ? path : '/index.html');
  const found = wanted ? fileAt(wanted) : undefined;
  if (!wanted || !found) {
    refuse(response, 404);
    return;
  }
  const etag = `"${createHash('sha256').update(`${wanted}:${found.size}:${found.mtimeMs}`).digest('base64url').slice(0, 22)}"`;
  const headers = {
    ...webSecurityHeaders,
    etag,
    'content-type': types[extname(wanted)] ?? 'application/octet-stream',
    // Vite puts a content hash into the name of everything under /assets/.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': found.size });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(wanted)
      .on('error', () => response.destroy())
      .pipe(response);
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

function fileAt(path: string): { size: number; mtimeMs: number } | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats : undefined;
}

function refuse(response: ServerResponse, status: 404 | 405): void {
  response
    .writeHead(status, { ...webSecurityHeaders, 'content-type': 'text/plain' })
    .end(status === 404 ? 'Not found' : 'Method not allowed');
}

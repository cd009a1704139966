import type { IncomingMessage } from 'node:http';

export interface RequestTarget {
  /** As sent, not decoded. Whatever is no path, such as `*` or a whole address, starts with no slash. */
  path: string;
  /** Without question mark. */
  query: string;
}

/** Never throws, and never takes `//host/path` for an address, as `new URL` would. */
export function splitTarget({ url = '/' }: Pick<IncomingMessage, 'url'>): RequestTarget {
  const end = url.indexOf('?');
  return end === -1 ? { path: url, query: '' } : { path: url.slice(0, end), query: url.slice(end + 1) };
}

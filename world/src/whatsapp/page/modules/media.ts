import { MsgModel, type MediaStage } from '../models.ts';
import type { Modules } from '../registry.ts';
import { ServerStatusCodeError } from '../wire-client.ts';
import type { ModuleContext } from './module-context.ts';

/** How many downloaded files stay in memory, as the real page keeps the last ones. */
const mostCached = 20;

export function mediaModules(_context: ModuleContext): Modules {
  const cache = new Map<string, ArrayBuffer>();

  /** @throws ServerStatusCodeError 404 when the server has it no more */
  async function download(directPath: string): Promise<ArrayBuffer> {
    const known = cache.get(directPath);
    if (known !== undefined) return known;
    const response = await fetch(directPath);
    if (!response.ok) throw new ServerStatusCodeError(response.status, 'The media is gone.');
    const bytes = await response.arrayBuffer();
    cache.set(directPath, bytes);
    const [oldest] = cache.keys();
    if (cache.size > mostCached && oldest !== undefined) cache.delete(oldest);
    return bytes;
  }

  MsgModel.resolveMedia = async ({ directPath }): Promise<MediaStage> => {
    if (directPath === undefined) return 'ERROR_MISSING';
    try {
      await download(directPath);
      return 'RESOLVED';
    } catch (error) {
      return error instanceof ServerStatusCodeError ? 'ERROR_MISSING' : 'ERROR_UNKNOWN';
    }
  };

  return {
    WAWebDownloadManager: {
      downloadManager: { downloadAndMaybeDecrypt: ({ directPath }: { directPath: string }) => download(directPath) },
    },
  };
}

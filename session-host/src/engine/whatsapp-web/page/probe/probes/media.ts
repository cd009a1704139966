import type { ProbeContext } from '../probe-context.ts';

/** Pictures, voice and files, both ways, by the modules for which the library asks. */
export function probeMedia({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebDownloadManager', 'downloadManager.downloadAndMaybeDecrypt');
  expectsFunction('WAWebMediaOpaqueData', 'createFromData');
  expectsFunction('WAWebPrepRawMedia', 'prepRawMedia');
  expectsFunction('WAWebMediaStorage', 'getOrCreateMediaObject');
  expectsFunction('WAWebMmsMediaTypes', 'msgToMediaType');
  expectsFunction('WAWebMmsMediaTypes', 'castToV4');
  expectsFunction('WAWebMediaDataUtils', 'shouldUseMediaCache');
  expectsFunction('WAWebMediaInMemoryBlobCache', 'InMemoryMediaBlobCache.put');
  expectsFunction('WAWebMediaMmsV4Upload', 'uploadMedia');
}

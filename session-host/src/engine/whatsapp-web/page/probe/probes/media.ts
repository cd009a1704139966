import type { ProbeContext } from '../probe-context.ts';

/** Pictures, voice and files, both ways. */
export function probeMedia({ expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebDownloadManager', 'downloadManager.downloadAndMaybeDecrypt');
  expectsFunction('WAWebPrepRawMedia', 'prepRawMedia');
  expectsFunction('WAWebMediaMmsV4Upload', 'uploadMedia');
  expectsFunction('WAWebMediaStorage', 'getOrCreateMediaObject');
}

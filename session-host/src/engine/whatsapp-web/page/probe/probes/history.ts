import type { ProbeContext } from '../probe-context.ts';

/** What came while nobody listened: from the phone, else what the page's own database holds. */
export function probeHistory({ need, expectsFunction }: ProbeContext): void {
  if (typeof need('WAWebChatLoadMessages')?.loadEarlierMsgs === 'function') return;
  expectsFunction('WAWebDBMessageFindLocal', 'msgFindByDirection', 'msgFindBefore');
}

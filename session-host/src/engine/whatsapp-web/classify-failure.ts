import type { DeathCause } from '../engine.ts';

/** The document was replaced while the library worked on it. It is injected again into the next one. */
export function isNavigation(error: unknown): boolean {
  return /Execution context (?:was destroyed|is not available)|Cannot find context|frame (?:was|got) detached|detached Frame/i.test(
    textOf(error),
  );
}

/**
 * Why starting or injecting failed. Whatever else is thrown proves nothing of the library and WhatsApp's page: bindings
 * that exist already and frames that come too early pass by themselves. That they don't fit is for a look at the page
 * to say.
 */
export function classifyFailure(error: unknown): DeathCause {
  const text = textOf(error);
  // An aborted load was replaced by another one.
  if (/net::ERR_(?!ABORTED)/.test(text)) return 'unreachable';
  if (/auth timeout|ready timeout|timed out|took longer|timeout.*exceeded/i.test(text)) return 'start_timeout';
  if (/target closed|session closed|connection closed|browser has disconnected|crashed|failed to launch/i.test(text))
    return 'browser_died';
  return isNavigation(error) ? 'browser_died' : 'unknown';
}

/**
 * Whether a state of WhatsApp's page means that it isn't let in, and why. The library tells of it only once it is
 * linked and in sync.
 */
export function refusalBy(state: string): DeathCause | undefined {
  const meaning = classifyDisconnect(state);
  return meaning === 'banned' || meaning === 'refused' || meaning === 'page_outdated' ? meaning : undefined;
}

/** WhatsApp's reason for ending a connection for good. https://docs.wwebjs.dev/global.html#WAState */
export function classifyDisconnect(reason: string): DeathCause | 'logged-out' {
  switch (reason) {
    case 'LOGOUT':
    case 'UNPAIRED':
    case 'UNPAIRED_IDLE':
      return 'logged-out';
    case 'CONFLICT':
      return 'conflict';
    case 'DEPRECATED_VERSION':
      return 'page_outdated';
    case 'TOS_BLOCK':
    case 'SMB_TOS_BLOCK':
      return 'banned';
    case 'PROXYBLOCK':
      return 'refused';
    default:
      return 'connection_lost';
  }
}

/** What an error says, without numbers that could be somebody's. The library throws bare strings too. */
export function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\d{6,}/g, '…').slice(0, 500);
}

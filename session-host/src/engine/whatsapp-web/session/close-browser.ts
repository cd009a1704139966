import type { Client } from 'whatsapp-web.js';
import type { BrowserHome } from '../../../browser/homes/browser-home.ts';
import { withDeadline } from '../../with-deadline.ts';

/**
 * Closes in order, so that everything reaches the profile; kills what is left when that takes longer than `timeoutMs`.
 */
export async function closeBrowser(
  client: Client,
  { home, timeoutMs }: { home: BrowserHome; timeoutMs: number },
): Promise<void> {
  const process = client.pupBrowser?.process();
  try {
    await withDeadline(client.destroy(), timeoutMs, 'Closing the browser');
  } catch {
    // Killed below, whatever is wrong with it.
  }
  if (process?.pid !== undefined)
    await home.kill(process.pid, () => process.exitCode !== null || process.signalCode !== null);
}

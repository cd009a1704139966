import type { Client } from 'whatsapp-web.js';
import type { Page } from 'puppeteer';
import { survivePipes } from '../survive-pipes.ts';
import type { SessionEvent } from './session-state.ts';

/**
 * Hears of a browser's end, and of each document that its page shows.
 * @throws Error when the library has made no page
 */
export function watchPage(
  { pupPage: page, pupBrowser: browser }: Client,
  { dispatch, onDocument }: { dispatch: (event: SessionEvent) => void; onDocument: () => void },
): Page {
  if (!page || !browser) throw new Error('The library made no page');
  survivePipes(browser.process());
  browser.on('disconnected', () => dispatch({ type: 'gone', cause: 'browser_died', detail: 'The browser is gone' }));
  page.on('error', ({ message }) => dispatch({ type: 'gone', cause: 'page_crashed', detail: message }));
  page.on('close', () => dispatch({ type: 'gone', cause: 'page_crashed', detail: 'The page was closed' }));
  page.on('framenavigated', (frame) => {
    if (frame.parentFrame()) return;
    onDocument();
    dispatch({ type: 'document', at: performance.now() });
  });
  return page;
}

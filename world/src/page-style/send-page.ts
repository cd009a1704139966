import type { Locale } from '@top-active/core/contracts';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { stylesheet, stylesheetHash } from './stylesheet.ts';

// In one piece: a single space more inside it and its hash no longer fits.
const styleElement = raw(`<style>${stylesheet}</style>`);

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Page {
  locale: Locale;
  title: string;
  /** Says that this is simulated, and what it stands for. Shown above everything else. */
  notice: string;
  /** Above `main`, never replaced by a live update. */
  header?: Markup | undefined;
  main: Markup;
  /** Same-origin address of a script. */
  script?: string | undefined;
  /** HTTP status, 200 by default. */
  status?: 200 | 400 | 404 | undefined;
}

/**
 * Answers with a page of the common look under a strict Content-Security-Policy. `form-action` stays open: browsers
 * apply it to redirects too, and a consent ends on an address of the app.
 */
export function sendPage(c: Context, page: Page): Response | Promise<Response> {
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src ${stylesheetHash}; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
  );
  c.header('cache-control', 'no-store');
  c.header('referrer-policy', 'no-referrer');
  c.header('x-content-type-options', 'nosniff');
  return c.html(
    html`<!doctype html>
      <html lang="${page.locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${page.title}</title>
          <link rel="icon" href="data:," />
          ${styleElement} ${page.script && html`<script type="module" src="${page.script}"></script>`}
        </head>
        <body>
          <aside class="notice">${page.notice}</aside>
          ${page.header}
          <main>${page.main}</main>
        </body>
      </html>`,
    page.status ?? 200,
  );
}

/** Address of a file beside the page that is being served, wherever the app is mounted. */
export function addressBesidePage(c: Context, file: string): string {
  return `${c.req.path.replace(/\/$/, '')}/${file}`;
}

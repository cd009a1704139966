import type { ElementHandle, Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';

/**
 * What WhatsApp's page shows a person around the passkey, and which of our modules can't tell: a button to be pressed
 * before it asks, and a code to be compared. Found by what is written there, since nothing else about that screen is
 * known to stay.
 */
interface PageElement {
  textContent: string | null;
  parentElement: PageElement | null;
  checkVisibility(): boolean;
}
declare const document: { querySelectorAll(selector: string): Iterable<PageElement> };

const timeoutMs = 5_000;

/** Presses the button that makes the page ask for the passkey. False when there is none. */
export async function pressContinue(page: Page): Promise<boolean> {
  return pressButton(page, {
    labels: ['continue', 'continuar'],
    near: String.raw`passkey|chave de acesso|chave-passe|llave de acceso|clave de acceso`,
  });
}

/** Presses the button beside the code that the owner has compared. False when there is none, which may be as well. */
export async function pressConfirm(page: Page, code: string): Promise<boolean> {
  return pressButton(page, {
    labels: ['continue', 'continuar', 'confirm', 'confirmar', 'ok'],
    near: code.replaceAll('-', String.raw`\W*`),
  });
}

/**
 * The code that the page shows for comparison, `XXXX-XXXX`. Only asked for after a passkey was given: before, other
 * codes have this shape.
 */
export async function readComparisonCode(page: Page): Promise<string | undefined> {
  const found = await withDeadline(
    page.evaluate(() => {
      // Each character may be an element of its own: the smallest element that holds all of them.
      const shape = /^([1-9A-HJ-NP-TV-Z]{4})-?([1-9A-HJ-NP-TV-Z]{4})$/;
      for (const element of document.querySelectorAll('body *')) {
        const text = element.textContent ?? '';
        if (text.length > 40) continue;
        const match = shape.exec(text.replaceAll(/\s/g, ''));
        // Eight capitals without hyphen and digit are a word.
        if (match && /[-\d]/.test(text) && element.checkVisibility()) return `${match[1]}-${match[2]}`;
      }
      return null;
    }),
    timeoutMs,
    'Reading the code',
  );
  return z.string().nullable().parse(found) ?? undefined;
}

async function pressButton(page: Page, wanted: { labels: string[]; near: string }): Promise<boolean> {
  const handle = await withDeadline(
    page.evaluateHandle(({ labels, near }) => {
      const pattern = new RegExp(near, 'i');
      const furthest = 8;
      for (const button of document.querySelectorAll('button, [role="button"]')) {
        if (!labels.includes((button.textContent ?? '').trim().toLowerCase()) || !button.checkVisibility()) continue;
        let around: PageElement | null = button;
        for (let step = 0; around && step < furthest; step++) {
          if (pattern.test(around.textContent ?? '')) return button;
          around = around.parentElement;
        }
      }
      return null;
    }, wanted),
    timeoutMs,
    'Looking for a button',
  );
  // A real click: the page may count no other.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an element or null, by the function above
  const button = handle.asElement() as ElementHandle | null;
  if (!button) return false;
  await withDeadline(button.click(), timeoutMs, 'Pressing a button');
  await button.dispose();
  return true;
}

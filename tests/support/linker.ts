import { expect } from 'vitest';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Locale } from '@top-active/core/contracts';
import { registerUser, until, type AppUser, type WorldClient } from '@top-active/local/client';
import type { MessageKey } from '@top-active/web/i18n/messages';
import { openWindow } from './browser.ts';
import { pressAt, tabTo } from './keyboard.ts';
import { logIn } from './owner.ts';
import { textsOf, type Text } from './texts.ts';

/** Widths of a small phone's screen, in CSS pixels. */
const screen = { width: 390, height: 844 };

/** Somebody who links WhatsApp on a small screen and without a mouse, in one language. */
export interface Linker {
  page: Page;
  complaints: string[];
  user: AppUser;
  /** Number and name of the own phone. */
  phone: { number: string; name: string };
  t: Text;
  /** Goes to a button, or to something else, by the Tab key alone, and presses Enter or Space there. */
  presses: (name: MessageKey | Locator, key?: 'Enter' | 'Space') => Promise<void>;
  /** Goes there, and types into it. */
  types: (field: Locator, text: string) => Promise<void>;
  /** Holds the phone before the code that is shown now. */
  scans: () => Promise<void>;
}

/** Registers somebody, and logs in on a page of their own. */
export async function openLinker(
  { browser, origin, world }: { browser: Browser; origin: string; world: WorldClient },
  { locale, email, phone }: { locale: Locale; email: string; phone: { number: string; name: string } },
): Promise<Linker> {
  const t = textsOf(locale);
  await world.addPhone(phone);
  const user = await registerUser({ origin, world, email, name: 'Alex' });
  await user.api.request('/api/me', { method: 'PATCH', body: { locale } });
  const { context, page, complaints } = await openWindow(browser, { ...screen, locale });
  // The choice of this browser, made before.
  await context.addInitScript((chosen) => localStorage.setItem('top-active:locale', chosen), locale);
  await logIn(page, { origin, email, t });
  const step = stepOf({ page, t });

  return {
    page,
    complaints,
    user,
    phone,
    t,
    presses: (name, key) =>
      pressAt(page, typeof name === 'string' ? step.getByRole('button', { name: t(name), exact: true }) : name, key),
    async types(field, text) {
      await tabTo(page, field);
      await page.keyboard.insertText(text);
    },
    async scans() {
      const { code } = await until(async () => (await user.status()).qr, { what: 'a QR code', timeoutMs: 30_000 });
      await world.scan(phone.number, code);
    },
  };
}

/** Waits until the step of WhatsApp says this. Nothing reaches over the screen's edge then. */
export async function expectText(
  linker: Linker,
  key: MessageKey,
  values?: Readonly<Record<string, string>>,
): Promise<void> {
  await stepOf(linker).getByText(linker.t(key, values)).first().waitFor();
  expect(await linker.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(screen.width);
}

function stepOf({ page, t }: Pick<Linker, 'page' | 't'>): Locator {
  return page.getByRole('region', { name: t('setup.whatsapp.title') });
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorldClient, registerUser, until, type AppUser, type WorldClient } from '@top-active/local/client';
import { bootStack, type Stack } from '@top-active/local/stack';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { logIn } from '../support/owner.ts';

const clinic = { name: 'Ana Dentista', email: 'ana@example.com', phone: '5511970000001' };
const customers = Array.from({ length: 50 }, (_, i) => ({
  number: `55219800${String(i).padStart(5, '0')}`,
  name: `Cliente ${i + 1}`,
}));
const shouter = { number: '5521970000000', name: 'Cliente que grita' };
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

describe('the frame of the app, with fifty unread chats', () => {
  const dir = mkdtempSync(join(tmpdir(), 'frame-'));
  let stack: Stack;
  let world: WorldClient;
  let browser: Browser;
  let owner: AppUser;

  beforeAll(async () => {
    stack = await bootStack({ dir });
    world = createWorldClient(stack.worldOrigin);
    browser = await launchBrowser();
    await world.addPhone({ number: clinic.phone, name: clinic.name });
    for (const customer of customers) {
      await world.addPhone(customer);
      await world.write(customer.number, clinic.phone, 'Tem horário amanhã?');
    }
    await world.addPhone(shouter);
    await world.write(shouter.number, clinic.phone, 'W'.repeat(60_000));
    owner = await registerUser({ origin: stack.appOrigin, world, email: clinic.email, name: clinic.name });
    await owner.linkWhatsApp(clinic.phone);
    await until(async () => (await owner.chats()).filter(({ unread }) => unread > 0).length === customers.length + 1, {
      what: 'all unread chats',
      timeoutMs: 60_000,
    });
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it.each(sizes)('never scrolls, on any page, at $width × $height', async (size) => {
    const { page, context, complaints } = await openWindow(browser, size);
    await logIn(page, { origin: stack.appOrigin, email: clinic.email });
    const [chat] = await owner.chats();
    const pages = ['/', '/conversas', `/conversas/${chat?.id}`, '/configuracoes', '/nao-existe'];
    for (const path of pages) {
      await page.goto(stack.appOrigin + path);
      await page.locator('main :is(h1, h2):visible').first().waitFor();
      if (path === '/conversas') await page.getByText(customers.at(-1)?.name ?? '', { exact: true }).waitFor();
      expect({ path, ...(await overflowOf(page)) }).toEqual({ path, down: 0, right: 0 });
      // As a wheel does that goes on where the list has ended.
      await page.mouse.move(size.width / 8, size.height / 2);
      for (let turn = 0; turn < 12; turn++) await page.mouse.wheel(0, 2_000);
      expect({ path, scrolled: await scrolledBy(page) }).toEqual({ path, scrolled: 0 });
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows the beginning of a word of 60,000 letters, and more of it in pieces that a browser lays out at once', async () => {
    const { page, context, complaints } = await openWindow(browser);
    await logIn(page, { origin: stack.appOrigin, email: clinic.email });
    const chat = (await owner.chats()).find(({ name }) => name === shouter.name);
    await page.goto(`${stack.appOrigin}/conversas/${chat?.id}`);
    const text = page.getByRole('log').locator('p.wrap-anywhere');
    await text.waitFor();
    const lengths = () =>
      text.evaluate((element) => [...element.childNodes].map((node) => node.textContent?.length ?? 0));
    expect(sumOf(await lengths())).toBe(1_500);
    // The list of chats, the title and whatever else shows the word: none does in full.
    const written = await page.evaluate(() => document.body.textContent?.match(/W/g)?.length ?? 0);
    expect(written).toBeLessThan(2_500);
    await page.getByRole('button', { name: 'Mostrar mais do texto' }).click();
    await expect.poll(async () => sumOf(await lengths())).toBe(5_500);
    expect(Math.max(...(await lengths()))).toBeLessThanOrEqual(100);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

function sumOf(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** By how many pixels the document is larger than the window. */
function overflowOf(page: Page): Promise<{ down: number; right: number }> {
  return page.evaluate(() => {
    const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
    return { down: scrollHeight - clientHeight, right: scrollWidth - clientWidth };
  });
}

/** Of the document and of the elements that hold the frame. */
function scrolledBy(page: Page): Promise<number> {
  return page.evaluate(() => {
    const frame = ['html', 'body', '#app', '#app > *'].flatMap((one) => [...document.querySelectorAll(one)]);
    return Math.max(0, ...frame.map(({ scrollTop }) => scrollTop));
  });
}

/// <reference lib="dom" />
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { createWorldClient, demoPassword, until, type AppUser } from '@top-active/local/client';
import type { Stack } from '@top-active/local/stack';

const timeoutMs = 30_000;

/** Milliseconds from a customer's "send" to the text standing in the owner's open thread, one per message. */
export async function measurePhoneToScreen({
  stack,
  user,
  phone,
  messages,
}: {
  stack: Stack;
  user: AppUser;
  phone: string;
  messages: number;
}): Promise<number[]> {
  const world = createWorldClient(stack.worldOrigin);
  const customer = '5521980000099';
  await world.addPhone({ number: customer, name: 'Bench Customer' });
  await world.write(customer, phone, 'bench begins');
  const chatId = await until(async () => (await user.chats()).find((chat) => chat.phone === customer)?.id, {
    what: 'the chat',
    timeoutMs: 30_000,
  });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${stack.appOrigin}/entrar`);
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByLabel('Senha', { exact: true }).fill(demoPassword);
    await page.getByRole('button', { name: 'Entrar' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/entrar'));
    await page.goto(`${stack.appOrigin}/conversas/${chatId}`);
    const thread = page.getByRole('log');
    await thread.getByText('bench begins').waitFor();
    const samples: number[] = [];
    for (let index = 0; index < messages; index += 1) {
      const text = `bench message ${index} of ${messages}`;
      const shownAt = page.evaluate(
        ({ wanted, timeoutMs }) =>
          new Promise<number>((resolve, reject) => {
            // The thread itself may be put in place of another one.
            const look = () => document.querySelector('[role="log"]')?.textContent?.includes(wanted) && done();
            const observer = new MutationObserver(look);
            const timer = setTimeout(() => {
              observer.disconnect();
              reject(new Error(`${wanted} was not shown in ${timeoutMs} ms`));
            }, timeoutMs);
            const done = () => {
              observer.disconnect();
              clearTimeout(timer);
              resolve(Date.now());
            };
            observer.observe(document.body, { childList: true, subtree: true, characterData: true });
            look();
          }),
        { wanted: text, timeoutMs },
      );
      const sentAt = Date.now();
      await world.write(customer, phone, text);
      samples.push((await shownAt) - sentAt);
    }
    return samples;
  } finally {
    await browser.close();
  }
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/lib/chromium/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
}

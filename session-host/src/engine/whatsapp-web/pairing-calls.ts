import type { Page } from 'puppeteer';
import { registrationsOf } from '@top-active/core/contracts';
import { z } from 'zod';
import { PairingRefusal } from '../engine.ts';
import { withDeadline } from '../with-deadline.ts';

/** In WhatsApp's page; the modules are those that the library's own `requestPairingCode` uses. */
interface PageWindow {
  require: (module: string) => PageModule;
}

interface PageModule {
  Socket: { state?: string };
  refreshQR(): unknown;
  setPairingType(type: 'ALT_DEVICE_LINKING'): void;
  initializeAltDeviceLinking(): Promise<void>;
  initializeQRLinking(): Promise<void>;
  startAltLinkingFlow(phone: string, showNotification: boolean): Promise<string>;
}

declare const window: PageWindow;

const timeoutMs = 30_000;

const answerSchema = z.union([
  z.object({ code: z.string().regex(/^[0-9A-Z]{8}$/) }),
  /** WhatsApp's own words on what it refuses, as far as it has any. */
  z.object({ refusal: z.string() }),
]);

/**
 * Asks WhatsApp for a code to type on the phone. Not by the library's `requestPairingCode`: of a refusal that tells
 * only "Evaluation failed: b", and it asks anew every three minutes for ever, with nobody looking.
 * @throws {PairingRefusal}
 */
export async function requestPairingCode(page: Page, phone: string): Promise<string> {
  const registrations = registrationsOf(phone);
  for (const registration of registrations) {
    const answer = await ask(page, registration);
    if ('code' in answer) return answer.code;
    const reason = reasonOf(answer.refusal);
    const isLast = registration === registrations.at(-1);
    if (reason !== 'not_on_whatsapp' || isLast) throw new PairingRefusal(reason, withoutNumbers(answer.refusal));
  }
  throw new PairingRefusal('not_on_whatsapp', 'No registration is left to try');
}

async function ask(page: Page, phone: string): Promise<z.infer<typeof answerSchema>> {
  const asked = page.evaluate(async (number) => {
    try {
      // Codes are given to a page that waits, and one that has shown QR codes for long enough waits no more.
      if (window.require('WAWebSocketModel').Socket.state === 'UNPAIRED_IDLE')
        await window.require('WAWebLaunchSocketUtils').refreshQR();
      const linking = window.require('WAWebAltDeviceLinkingApi');
      linking.setPairingType('ALT_DEVICE_LINKING');
      await linking.initializeAltDeviceLinking();
      return { code: await linking.startAltLinkingFlow(number, true) };
    } catch (error) {
      // An error of WhatsApp's is an object of its own: { name: 'CompanionHelloError', type: { name, value: { text,
      // code } } }
      if (!(error instanceof Error)) return { refusal: JSON.stringify(error) };
      return { refusal: `${error.name}: ${error.message} ${JSON.stringify(error)}` };
    }
  }, phone);
  try {
    return answerSchema.parse(await withDeadline(asked, timeoutMs, 'Asking for a pairing code'));
  } catch (error) {
    throw new PairingRefusal('unavailable', 'WhatsApp gave no code', { cause: error });
  }
}

/** WhatsApp's page shows QR codes again. */
export async function refreshQr(page: Page): Promise<void> {
  const asked = page.evaluate(async () => {
    await window.require('WAWebLaunchSocketUtils').refreshQR();
    await window.require('WAWebAltDeviceLinkingApi').initializeQRLinking();
  });
  await withDeadline(asked, timeoutMs, 'Asking for a QR code');
}

/** Refusals are logged. */
function withoutNumbers(refusal: string): string {
  return refusal.replace(/\d{5,}/g, '…');
}

export function reasonOf(refusal: string): PairingRefusal['reason'] {
  if (/429|overlimit|rate.?limit|too.?many/i.test(refusal)) return 'too_many';
  if (/404|item-?not-?found|bad-?request|\b400\b/i.test(refusal)) return 'not_on_whatsapp';
  return 'unavailable';
}

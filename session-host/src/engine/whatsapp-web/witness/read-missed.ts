/* oxlint-disable unicorn/consistent-function-scoping -- the source of one function is all that the page gets */
import type { Page } from 'puppeteer';
import { z } from 'zod';
import { withDeadline } from '../../with-deadline.ts';

interface AnyMessage {
  id?: { id?: unknown; fromMe?: unknown; participant?: unknown };
  serialize?: () => Record<string, unknown>;
}

interface MissedWindow {
  __topActive?: { need?: (name: string) => unknown };
  WWebJS?: { getMessageModel?: (message: AnyMessage) => Record<string, unknown> };
  require?: (name: string) => unknown;
}

interface Wanted {
  peer: string;
  stanzaId: string;
  fromMe: boolean;
}

/**
 * The page's data of messages that it holds, in the order of `wanted`; undefined for what it holds no more. The
 * library's reading is taken where it has an id and a type; else the page's own serialisation, with the parts of the id
 * that are known here.
 */
export async function readMissed(page: Page, wanted: readonly Wanted[], timeoutMs: number): Promise<unknown[]> {
  const texts = await withDeadline(page.evaluate(readFromPage, wanted), timeoutMs, 'Reading missed messages');
  return z
    .array(z.string().nullable())
    .parse(texts)
    .map((text): unknown => (text === null ? undefined : JSON.parse(text)));
}

/** Runs in the page. Each message is read by itself: one that throws leaves the others. */
function readFromPage(wanted: readonly Wanted[]): (string | null)[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it runs in WhatsApp's page
  const page = globalThis as unknown as MissedWindow;
  const messages = (): AnyMessage[] => {
    try {
      const { __topActive: left } = page;
      const found = left?.need ? left.need('WAWebCollections') : page.require?.('WAWebCollections');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each part of it is looked for.
      return (found as { Msg?: { getModelsArray?: () => AnyMessage[] } } | undefined)?.Msg?.getModelsArray?.() ?? [];
    } catch {
      // Each is told all the same, as a message that opens on the phone.
      return [];
    }
  };
  const isUsable = (data: Record<string, unknown> | undefined): boolean => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each part is looked at below
    const id = data?.id as { id?: unknown; remote?: unknown } | undefined;
    return typeof id?.id === 'string' && id.remote !== undefined && typeof data?.type === 'string';
  };
  const widOf = (wid: unknown): string | undefined => {
    const { user, server } = (wid ?? {}) as { user?: unknown; server?: unknown };
    return typeof user === 'string' && typeof server === 'string' ? `${user}@${server}` : undefined;
  };
  const held = messages();
  return wanted.map(({ peer, stanzaId, fromMe }) => {
    const message = held.find(({ id }) => id?.id === stanzaId && (id.fromMe === true) === fromMe);
    if (!message) return null;
    try {
      const byLibrary = page.WWebJS?.getMessageModel?.(message);
      if (isUsable(byLibrary)) return JSON.stringify(byLibrary);
    } catch {
      // Read without it.
    }
    try {
      const participant = widOf(message.id?.participant);
      const id = { fromMe, remote: peer, id: stanzaId, ...(participant !== undefined && { participant }) };
      return JSON.stringify({ ...message.serialize?.(), id });
    } catch {
      // Told all the same, as a message that opens on the phone.
      return null;
    }
  });
}

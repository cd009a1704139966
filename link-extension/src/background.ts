import { approve, isApproved, type ApprovedOrigins } from './approved-origins.ts';
import { readCredential } from './credential.ts';
import {
  beginSigning,
  cancelSigning,
  findExchange,
  finishSigning,
  showExchange,
  openExchange,
  withoutExpired,
  type Exchange,
} from './exchange.ts';
import { isCardMessage, type CardMessage, type CardReplies, type Outcome, type PageAnswer } from './messages.ts';
import { parseRequest, requestMetaName } from './request.ts';

const whatsAppOrigin = 'https://web.whatsapp.com';
/** A small page of the same origin: the root would take over the user's own session there. */
const signingPage = `${whatsAppOrigin}/robots.txt`;

/**
 * The script is stopped whenever it idles, so what it knows is in `storage.session`, one exchange per tab of
 * WhatsApp's.
 */
const sessionKey = 'exchanges';
const approvedKey = 'approvedOrigins';

let lastChange: Promise<unknown> = Promise.resolve();

/** One change after the other: storage has no transactions, and an answer must not be given twice. */
function change<T>(
  decide: (exchanges: Record<string, Exchange>) => { exchanges?: Record<string, Exchange>; result: T },
): Promise<T> {
  const next = lastChange.then(async () => {
    const { exchanges, result } = decide(await readExchanges());
    if (exchanges) await chrome.storage.session.set({ [sessionKey]: withoutExpired(exchanges, Date.now()) });
    return result;
  });
  // The next one waits for its end; its failure is the caller's.
  lastChange = next.catch(() => undefined);
  return next;
}

async function readExchanges(): Promise<Record<string, Exchange>> {
  // Written by this script alone.
  return (await chrome.storage.session.get<Record<string, Exchange>>(sessionKey))[sessionKey] ?? {};
}

async function approvedOrigins(): Promise<ApprovedOrigins> {
  return (await chrome.storage.local.get<ApprovedOrigins>(approvedKey))[approvedKey] ?? {};
}

chrome.action.onClicked.addListener((tab) => {
  // First of all and synchronously: Firefox takes the click for consent only then. Already granted, nothing is shown.
  const granted = chrome.permissions.request({ origins: [`${whatsAppOrigin}/*`] });
  const { id } = tab;
  if (id !== undefined) answerClick(id, granted).catch(() => tellFailure(id, 'failed'));
});

async function answerClick(askingTab: number, granted: Promise<boolean>): Promise<void> {
  if (!(await granted)) return tell(askingTab, 'needsWhatsApp');
  const page = await readPage(askingTab);
  const request = page?.content === undefined ? undefined : parseRequest(page.content, Date.now());
  if (!page?.isSecure || !request) return tell(askingTab, 'nothingToSign');
  const asked = { askingTab, askingOrigin: page.origin, request };
  const known = findExchange(await readExchanges(), { askingOrigin: page.origin, requestId: request.requestId });
  if (known) {
    const [signingTab, exchange] = known;
    if (exchange.state === 'answered') return tell(askingTab, 'alreadySigned');
    // A tab that is gone can't be shown: another one is opened.
    if (await chrome.tabs.update(Number(signingTab), { active: true }).catch(() => undefined)) return;
  }
  await tell(askingTab, undefined);
  const { id: signingTab } = await chrome.tabs.create({ url: signingPage, active: true, openerTabId: askingTab });
  if (signingTab === undefined) return;
  await change((exchanges) => {
    if (known) delete exchanges[known[0]];
    return { exchanges: { ...exchanges, [signingTab]: openExchange(asked) }, result: undefined };
  });
  // Loaded before it was written down: nobody has put the card there.
  if ((await chrome.tabs.get(signingTab)).status === 'complete') await putCard(signingTab);
  await deliver(asked, { outcome: 'opened' });
}

/** What the page that the user looks at asks for. The origin is what the browser says it is. */
async function readPage(tabId: number) {
  try {
    const [answer] = await chrome.scripting.executeScript({
      target: { tabId },
      args: [requestMetaName],
      func: (name: string) => ({
        origin: location.origin,
        isSecure: isSecureContext,
        content: document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content,
      }),
    });
    return answer?.result;
  } catch {
    // Pages of the browser itself can't be read.
    return undefined;
  }
}

async function tell(tabId: number, name: string | undefined): Promise<void> {
  await chrome.action.setBadgeText({ tabId, text: name === undefined ? '' : '!' });
  await chrome.action.setTitle({ tabId, title: chrome.i18n.getMessage(name ?? 'actionTitle') });
}

/** Says at the icon that something went wrong. */
function tellFailure(tabId: number, name: string): void {
  // The tab was closed meanwhile: there is nobody to tell.
  tell(tabId, name).catch(() => undefined);
}

chrome.tabs.onUpdated.addListener((tabId, { status }) => {
  if (status === 'complete') putCard(tabId).catch(() => tellFailure(tabId, 'cardFailed'));
});

async function putCard(tabId: number): Promise<void> {
  const exchange = (await readExchanges())[tabId];
  if (exchange) await chrome.scripting.executeScript({ target: { tabId }, files: ['card.js'] });
}

chrome.tabs.onRemoved.addListener((tabId) => {
  void change((exchanges) => {
    const { [tabId]: closed, ...others } = exchanges;
    // An answered one stays known until it expires.
    return closed && closed.state !== 'answered' ? { exchanges: others, result: closed } : { result: undefined };
  })
    .then((closed) => closed && deliver(closed, { outcome: 'closed' }))
    // The browser's storage failed, and the tab that could say so is gone: the app's request expires and says that.
    .catch(() => undefined);
});

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  const tabId = sender.tab?.id;
  const origin = sender.origin ?? new URL(sender.url ?? 'about:blank').origin;
  // Our own card alone, over the page that it belongs to.
  if (sender.id !== chrome.runtime.id || tabId === undefined || sender.frameId !== 0 || origin !== whatsAppOrigin)
    return undefined;
  if (!isCardMessage(message)) return undefined;
  answerCard(message, tabId).then(reply, () => reply(undefined));
  return true;
});

async function answerCard(message: CardMessage, tabId: number): Promise<CardReplies[CardMessage['type']]> {
  switch (message.type) {
    case 'show': {
      const exchange = await move(tabId, (asked) => showExchange(asked, Date.now()));
      if (!exchange) return undefined;
      const { askingOrigin, request } = exchange;
      return { askingOrigin, isNew: !isApproved(await approvedOrigins(), askingOrigin), expiresAt: request.expiresAt };
    }
    case 'begin':
      return (await move(tabId, (exchange) => beginSigning(exchange, Date.now())))?.request;
    case 'cancelled':
      await move(tabId, cancelSigning);
      return undefined;
    case 'signed':
      return passOn(tabId, message.credential);
    case 'refuse': {
      const exchange = await move(tabId, (open) =>
        open.state === 'answered' ? undefined : { ...open, state: 'answered' },
      );
      if (exchange) await end(exchange, { signingTab: tabId, outcome: { outcome: 'refused' } });
      return undefined;
    }
    default:
      return message satisfies never;
  }
}

async function passOn(tabId: number, input: unknown): Promise<boolean> {
  const credential = readCredential(input);
  if (!credential) return false;
  const exchange = await move(tabId, (open) => finishSigning(open, Date.now()));
  if (!exchange) return false;
  const origins = approve(await approvedOrigins(), { origin: exchange.askingOrigin, now: Date.now() });
  await chrome.storage.local.set({ [approvedKey]: origins });
  return end(exchange, { signingTab: tabId, outcome: { outcome: 'signed', credential } });
}

/** Moves one exchange on. Undefined, and nothing is changed, when `step` says that it can't. */
function move(tabId: number, step: (exchange: Exchange) => Exchange | undefined): Promise<Exchange | undefined> {
  return change((exchanges) => {
    const exchange = exchanges[tabId];
    const next = exchange && step(exchange);
    return next ? { exchanges: { ...exchanges, [tabId]: next }, result: next } : { result: undefined };
  });
}

/** Tells the page and leads the user back to it. The tab stays where the page is gone, to say so. */
async function end(
  exchange: Exchange,
  { signingTab, outcome }: { signingTab: number; outcome: Outcome },
): Promise<boolean> {
  const isDelivered = await deliver(exchange, outcome);
  if (!isDelivered) return false;
  // The answer is delivered: a tab that the person has closed meanwhile is where they wanted it.
  await chrome.tabs.update(exchange.askingTab, { active: true }).catch(() => undefined);
  await chrome.tabs.remove(signingTab).catch(() => undefined);
  return true;
}

/** Only to the tab that asked, and only while it still shows the same origin. */
async function deliver(
  { askingTab, askingOrigin, request }: Pick<Exchange, 'askingTab' | 'askingOrigin' | 'request'>,
  outcome: Outcome,
): Promise<boolean> {
  const answer: PageAnswer = { type: 'top-active-passkey-answer', v: 1, requestId: request.requestId, ...outcome };
  try {
    const [delivered] = await chrome.scripting.executeScript({
      target: { tabId: askingTab },
      args: [answer, askingOrigin],
      func: (message: PageAnswer, origin: string) => {
        if (location.origin !== origin) return false;
        window.postMessage(message, origin);
        return true;
      },
    });
    return delivered?.result === true;
  } catch {
    // Closed, or gone to another site, which the click on the icon doesn't cover.
    return false;
  }
}

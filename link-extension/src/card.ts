import { cardStyle } from './card-style.ts';
import { readCredential, requestOptions } from './credential.ts';
import type { CardMessage, CardReplies, Shown } from './messages.ts';

/**
 * The card over WhatsApp's page: who asks, what it means, sign or not. In a closed shadow root, so that nothing in the
 * page can read or press it; clicks count only if a person made them.
 */
async function showCard(): Promise<void> {
  const shown = await ask({ type: 'show' });
  if (!shown) return;
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'closed' });
  const style = document.createElement('style');
  style.textContent = cardStyle;
  root.append(style, buildCard(shown));
  document.documentElement.append(host);
  root.querySelector<HTMLElement>('[autofocus]')?.focus();
}

function buildCard({ askingOrigin, isNew, expiresAt }: Shown): HTMLElement {
  const card = element('section', { role: 'dialog', 'aria-modal': 'true', 'aria-labelledby': 'title' });
  const status = element('p', { role: 'status', class: 'status' });
  const confirm = element('button', { type: 'button', class: 'confirm' }, text('confirm'));
  const refuse = element('button', { type: 'button' }, text('refuse'));
  const know = element('input', { type: 'checkbox', id: 'know' });
  let isBusy = false;
  let isOver = false;

  const update = () => {
    confirm.disabled = isBusy || isOver || (isNew && !know.checked);
    refuse.disabled = isBusy || isOver;
    know.disabled = isBusy || isOver;
  };
  const say = (name: string) => {
    status.textContent = text(name);
  };
  const finish = (name: string) => {
    isOver = true;
    clearTimeout(expiry);
    say(name);
    update();
  };
  const expiry = setTimeout(() => finish('expired'), expiresAt - Date.now());

  async function sign(): Promise<void> {
    isBusy = true;
    say('signing');
    update();
    const request = await ask({ type: 'begin' });
    if (!request) return finish('expired');
    const credential = await signWith(request);
    isBusy = false;
    if (!credential) {
      await ask({ type: 'cancelled' });
      if (isOver) return undefined;
      say('cancelled');
      update();
      confirm.focus();
      return undefined;
    }
    return finish((await ask({ type: 'signed', credential })) ? 'done' : 'gone');
  }

  onPerson(know, 'change', update);
  onPerson(confirm, 'click', () => void sign());
  onPerson(refuse, 'click', () => {
    finish('refused');
    void ask({ type: 'refuse' });
  });
  update();

  card.append(
    element('h1', { id: 'title' }, text('cardTitle')),
    element('p', { class: 'label' }, text('askedBy')),
    element('p', { class: 'origin', translate: 'no' }, askingOrigin),
    element('p', {}, text('meaning')),
  );
  if (isNew) {
    const label = element('label', { for: 'know' }, text('know'));
    label.prepend(know);
    know.toggleAttribute('autofocus', true);
    card.append(
      element('div', { class: 'warning', role: 'alert' }, element('strong', {}, text('newTitle')), text('newText')),
      label,
    );
  } else {
    confirm.toggleAttribute('autofocus', true);
    card.append(element('p', { class: 'known' }, text('knownText')));
  }
  const buttons = element('div', { class: 'buttons' }, confirm, refuse);
  card.append(buttons, status);
  return element('div', { class: 'veil', lang: chrome.i18n.getUILanguage() }, card);
}

async function signWith(request: NonNullable<CardReplies['begin']>): Promise<unknown> {
  try {
    const credential = await navigator.credentials.get({ publicKey: requestOptions(request, Date.now()) });
    return credential instanceof PublicKeyCredential ? readCredential(credential.toJSON()) : undefined;
  } catch {
    // Cancelled, timed out, or no passkey of this account here: the browser doesn't say which.
    return undefined;
  }
}

function ask<M extends CardMessage>(message: M): Promise<CardReplies[M['type']]> {
  return chrome.runtime.sendMessage(message);
}

function onPerson(target: HTMLElement, event: 'click' | 'change', listener: () => void): void {
  target.addEventListener(event, ({ isTrusted }) => {
    if (isTrusted) listener();
  });
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

function text(name: string): string {
  return chrome.i18n.getMessage(name);
}

declare global {
  var topActiveCard: true | undefined;
}

// The page can load twice before it is seen; the world of content scripts is ours alone.
if (!globalThis.topActiveCard) {
  globalThis.topActiveCard = true;
  void showCard();
}

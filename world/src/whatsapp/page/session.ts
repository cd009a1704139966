import type { Hello } from '../requests.ts';
import type { Note, PageFaults, ServerFrame, WireCall } from '../wire.ts';
import type { App } from './app.ts';
import type { Inbox } from './inbox.ts';
import type { Journal } from './journal.ts';
import { applyNote } from './notes.ts';
import type { PageOverlays } from './overlays/index.ts';
import type { Outbox } from './outbox.ts';
import { closeDialog, showCodeDialog, showPasskeyDialog } from './linking-dialogs.ts';
import type { Screen } from './screen.ts';

type Frame = Exclude<ServerFrame, { t: 'reply' } | { t: 'failure' }>;

interface Parts {
  app: App;
  inbox: Inbox;
  journal: Journal;
  outbox: Outbox;
  screen: Screen;
  /** Runs once, with the first word from the server. */
  boot: (faults: PageFaults) => void;
  react: (note: Extract<Note, { type: 'reaction' }>, silent: boolean) => void;
  vote: (note: Extract<Note, { type: 'vote' }>) => void;
  overlays: PageOverlays;
  /** WhatsApp's number for why a device is unlinked; null where it has none. */
  codeOf: (reason: string) => number | null;
  ring: (call: WireCall) => void;
}

export interface Session {
  receive(frame: Frame): void;
  lost(): void;
  /** Forgets the link and begins as a new device, as after a logout; `why` is told to who listens. */
  leave(why?: 'logout_from_bridge', reason?: string): Promise<void>;
}

/** Set while the page is loaded only to be loaded once more: after how many milliseconds. */
export const reloadAgain = 'reload-again';

const listenerTimeoutMs = 15_000;

/** The page's life: waiting for a scan, linked, synced, lost, logged out. */
export function createSession(parts: Parts): Session {
  const { app, inbox, journal, outbox, screen, boot } = parts;
  const { socket, conn, cmd, collections, identity, store, wire } = app;

  function receive(frame: Frame): void {
    switch (frame.t) {
      case 'welcome':
        boot(frame.faults);
        break;
      case 'ref':
        conn.set({ ref: frame.ref });
        socket.set({ state: 'UNPAIRED' });
        screen.show('Link', 'waiting for a QR code to be scanned');
        break;
      case 'idle':
        socket.set({ state: 'UNPAIRED_IDLE' });
        screen.show('Link', 'idle: QR codes are no longer renewed');
        break;
      case 'link-refused':
        closeDialog();
        screen.show('Link', frame.reason);
        break;
      case 'passkey':
        showPasskeyDialog(frame, wire);
        break;
      case 'compare-code':
        showCodeDialog(frame.code, wire);
        break;
      case 'paired':
        closeDialog();
        void pair(frame);
        break;
      case 'refused':
        refuse(frame);
        break;
      case 'stale':
        void startOver(frame.reload);
        break;
      case 'sync':
        boot(frame.faults);
        void synchronize(frame);
        break;
      case 'note':
        note(frame);
        break;
      case 'chat-state':
        screen.show('Typing', `${frame.chat}: ${frame.state}`);
        break;
      case 'logged-out':
        void leave('logout_from_bridge', frame.reason);
        break;
      case 'overlays':
        app.acted = frame.overlays.acted;
        parts.overlays.apply(frame.overlays);
        break;
      case 'battery':
        conn.set({ battery: frame.percent, plugged: frame.plugged });
        break;
      case 'call':
        parts.ring(frame.call);
        break;
      case 'conflict':
        socket.set({ state: 'CONFLICT', stream: 'DISCONNECTED' });
        wire.stop();
        screen.show('Link', 'WhatsApp is open in another window');
        break;
      case 'navigate':
        navigate(frame);
        break;
      case 'hang':
        hang(frame.ms);
        break;
      case 'leak':
        leak(frame.mib);
        break;
    }
  }

  function note(frame: Frame & { t: 'note' }): void {
    const { react, vote } = parts;
    applyNote({ app, inbox, note: frame.note, silent: frame.silent === true, react, vote });
    if (frame.note.type === 'message') {
      const { message } = frame.note;
      journal.add({
        seq: frame.seq,
        message: { key: message.key, t: message.t, type: message.type, text: message.text },
      });
      const model = collections.Msg.get(message.key);
      if (frame.again === true && model !== undefined) collections.Msg.trigger('add', model);
    } else journal.add({ seq: frame.seq });
  }

  function refuse({ state, faults }: Frame & { t: 'refused' }): void {
    boot(faults);
    socket.set({ state, stream: 'DISCONNECTED' });
    wire.stop();
    screen.show('Link', `refused: ${state}`);
  }

  async function pair({ me, token, afterMs }: Frame & { t: 'paired' }): Promise<void> {
    socket.set({ state: 'PAIRING' });
    app.device = { ...app.device, token };
    await store.save(app.device);
    localStorage.setItem('last-wid-md', JSON.stringify(me.pn));
    localStorage.setItem('WALid', JSON.stringify(me.lid));
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    wire.send({ t: 'hello', ...greeting(app) });
  }

  async function synchronize(frame: Frame & { t: 'sync' }): Promise<void> {
    identity.setMe(frame.me);
    app.requireLidLookup = frame.faults.requireLidLookup;
    app.acted = frame.overlays.acted;
    identity.hideNumbers(frame.faults.hideNumbers);
    for (const contact of frame.contacts) inbox.contact(contact);
    for (const chat of frame.chats) inbox.chat(chat);
    conn.set({ pushname: frame.me.pushname, platform: frame.me.platform, wid: identity.mePn() });
    screen.show('Link', `linked to +${identity.mePn()?.user ?? ''}`);
    if (frame.faults.fastSync && !socket.hasSynced) {
      // Before anybody can listen: this is the whole fault.
      socket.assign({ hasSynced: true });
      socket.set({ state: 'CONNECTED', stream: 'CONNECTED' });
    } else {
      socket.set({ state: 'CONNECTED', stream: 'CONNECTED' });
      await finishSync(frame.faults.syncDelayMs);
    }
    await outbox.resend();
    parts.overlays.apply(frame.overlays);
  }

  async function finishSync(delayMs: number): Promise<void> {
    await socket.listenedTo('change:hasSynced', listenerTimeoutMs);
    for (const percent of [25, 75, 100]) {
      app.offlineProgress = percent;
      cmd.trigger('offline_progress_update_from_bridge');
    }
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    // After a lost socket WhatsApp syncs again: its listeners hear of it every time.
    if (socket.hasSynced) socket.trigger('change:hasSynced', socket, true, true);
    else socket.set({ hasSynced: true });
    await introduce();
  }

  async function introduce(): Promise<void> {
    const { os, name } = screen.browserInfo();
    await wire.request('introduce', { os, browser: name });
  }

  /** The link was cut while this page was away. */
  async function startOver(reload: boolean): Promise<void> {
    if (socket.hasSynced) {
      await leave('logout_from_bridge');
      return;
    }
    await forget();
    if (reload) location.assign('/?post_logout=1&logout_reason=0');
    else wire.send({ t: 'hello', ...greeting(app) });
  }

  async function forget(): Promise<void> {
    await store.wipe();
    app.device = await store.load();
    identity.setMe(undefined);
    socket.assign({ hasSynced: undefined });
  }

  async function leave(why?: 'logout_from_bridge', reason?: string): Promise<void> {
    wire.stop();
    await forget();
    if (why !== undefined) cmd.trigger(why);
    // The library's own handler must get its word out before the document goes.
    const code = reason === undefined ? 0 : parts.codeOf(reason);
    const query = code === null ? '' : `&logout_reason=${code}`;
    setTimeout(() => location.assign(`/?post_logout=1${query}`), 50);
  }

  return {
    receive,
    lost() {
      if (socket.state === 'CONNECTED') socket.set({ state: 'OPENING', stream: 'DISCONNECTED' });
      screen.show('Link', 'no connection');
    },
    leave,
  };
}

export function greeting({ device, store, socket }: App): Omit<Hello, 't'> {
  return {
    device: device.id,
    token: device.token,
    noiseKey: base64(device.noiseKey),
    identityKey: base64(device.identityKey),
    secret: device.advSecret ?? null,
    // A page that was synced before only lost its socket.
    resume: socket.hasSynced === true,
    received: store.received(),
  };
}

export function base64(bytes: Uint8Array | ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function navigate({ how, againAfterMs }: Frame & { t: 'navigate' }): void {
  if (againAfterMs !== undefined) sessionStorage.setItem(reloadAgain, String(againAfterMs));
  if (how === 'push-state') history.pushState({}, '', `/?panel=${Date.now()}`);
  else if (how === 'reload') location.reload();
  else crash();
}

/** As a script that has lost itself in its work: the page answers nothing meanwhile. */
function hang(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const leaked: Uint8Array[] = [];

/**
 * Memory that is filled, and so taken for real; one piece per MiB, which the garbage collector would find at once if it
 * were let go.
 */
function leak(mib: number): void {
  for (let i = 0; i < mib; i++) leaked.push(new Uint8Array(2 ** 20).fill(1 + (i % 255)));
}

/**
 * Ends the page's process: an array longer than V8 can hold is the one failure that isn't thrown as an error. Tried on
 * Chromium 156: 0.3 s.
 */
function crash(): void {
  'a'.repeat(2 ** 28).split('');
}

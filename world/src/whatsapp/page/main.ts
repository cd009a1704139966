import type { PageSettings } from '../page-settings.ts';
import type { PageFaults } from '../wire.ts';
import { CommandEmitter, ConnModel, SocketModel, StreamModel, type App } from './app.ts';
import { buildNamed } from './builds/index.ts';
import { createCollections } from './collections.ts';
import { openDeviceStore } from './device-store.ts';
import { createIdentityMap } from './identity.ts';
import { MsgKey } from './ids.ts';
import { createInbox } from './inbox.ts';
import { createJournal } from './journal.ts';
import { createModules } from './modules/index.ts';
import { logoutCode, logoutModules } from './logout-reasons.ts';
import { createOutbox } from './outbox.ts';
import { installLoader } from './loader.ts';
import { createOverlays } from './overlays/index.ts';
import { createRegistry } from './registry.ts';
import { rehearsed } from './rehearsals/index.ts';
import { createScreen } from './screen.ts';
import { createSession, greeting, reloadAgain, type Session } from './session.ts';
import { createWireClient, type WireClient } from './wire-client.ts';

async function start(): Promise<void> {
  const settings = readSettings();
  const { version, changes } = buildNamed(settings.build);
  const store = await openDeviceStore();
  const device = await store.load();
  const wire: WireClient = createWireClient({
    hello: () => greeting(app),
    frame: (frame) => session.receive(frame),
    closed: () => session.lost(),
    scale: () => app.acted.reconnectScale,
  });
  const app: App = {
    socket: new SocketModel({ state: 'UNLAUNCHED', stream: 'DISCONNECTED', hasSynced: undefined }),
    conn: new ConnModel({
      ref: undefined,
      pushname: undefined,
      platform: undefined,
      wid: undefined,
      phone: {},
      battery: undefined,
      plugged: undefined,
    }),
    stream: new StreamModel({ available: false, mode: 'MAIN', info: 'NORMAL', needsUpdate: false }),
    cmd: new CommandEmitter(),
    collections: createCollections({ wire, inbox: () => inbox }),
    identity: createIdentityMap(),
    store,
    device,
    wire,
    offlineProgress: 0,
    requireLidLookup: false,
    opensChatsByHiddenId: false,
    acted: { logoutMs: 0, failSends: 'no', reconnectScale: 0.1 },
  };
  const inbox = createInbox(app);
  const outbox = createOutbox(app, inbox);
  const browser = { info: () => ({ os: 'Linux', name: 'Chrome' }) };
  const screen = createScreen(() => browser.info());
  const { modules, react, vote, calls } = createModules({ app, inbox, outbox, browser, leave: () => session.leave() });
  MsgKey.isOwn = (id) => {
    if (app.identity.mePn() === undefined) throw new Error('MsgKey error: me is undefined');
    return app.identity.isMe(id);
  };
  const overlays = createOverlays(app);
  Object.assign(modules, overlays.modules, logoutModules());
  const missing: string[] = [];
  const registry = createRegistry(modules, {
    onMissing(name) {
      missing.push(name);
      wire.send({ t: 'missing-module', name });
    },
    onComplaint: (error) => console.error(error),
  });
  installLoader(registry, missing);
  for (const change of [...changes, ...rehearsed(settings)]) change.apply({ app, modules, registry, settings });
  const journal = createJournal({ store, wire });
  const session: Session = createSession({
    app,
    inbox,
    journal,
    outbox,
    screen,
    boot(faults) {
      for (const name of faults.missingModules) registry.lose(name);
      boot(version, faults);
    },
    react,
    vote,
    overlays,
    codeOf: (reason) => logoutCode(modules, reason),
    ring: (call) => calls.ring(call),
  });

  addEventListener('error', (event) => wire.send({ t: 'page-error', message: event.message.slice(0, 2000) }));
  addEventListener('unhandledrejection', (event) => {
    wire.send({ t: 'page-error', message: String(event.reason).slice(0, 2000) });
  });
  screen.show('Version', version);
  screen.show('Build', settings.build);
  const againAfterMs = sessionStorage.getItem(reloadAgain);
  if (againAfterMs === null) {
    app.socket.set({ state: 'OPENING' });
    wire.connect();
  } else loadAgain(version, Number(againAfterMs));
}

/** The world writes them into each document. */
function readSettings(): PageSettings {
  const text = document.querySelector('#page-settings')?.textContent;
  if (typeof text !== 'string') throw new Error('The document carries no settings.');
  return JSON.parse(text);
}

/** The page looks as it does before it is connected, and goes. */
function loadAgain(version: string, afterMs: number): void {
  sessionStorage.removeItem(reloadAgain);
  window.Debug = { VERSION: version };
  setTimeout(() => location.reload(), afterMs);
}

let booted = false;

/** `Debug.VERSION` is how the library sees that the page has started. */
function boot(version: string, { slowBootMs }: PageFaults): void {
  if (booted) return;
  booted = true;
  if (slowBootMs === 0) window.Debug = { VERSION: version };
  else setTimeout(() => (window.Debug = { VERSION: version }), slowBootMs);
}

void start();

import whatsappWeb from 'whatsapp-web.js';
import {
  libraryHostOptionsSchema,
  libraryOrderSchema,
  type LibraryEvent,
  type LibraryHostOptions,
} from './library-messages.ts';

// A host as the library's README makes one: clients with LocalAuth and full Chromium, a `message` handler that does
// nothing but count. Only what leads to the simulated WhatsApp, and root's --no-sandbox, is added.
const { Client, LocalAuth } = whatsappWeb;
type LibraryClient = InstanceType<typeof Client>;

const options: LibraryHostOptions = libraryHostOptionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
const clients = new Map<number, LibraryClient>();
let times: number[] = [];
let wanted = 0;

function tell(event: LibraryEvent): void {
  process.send?.(event);
}

async function start(index: number): Promise<void> {
  // After an attempt that failed.
  await clients
    .get(index)
    ?.destroy()
    .catch(() => undefined);
  const client = new Client({
    authStrategy: new LocalAuth({ clientId: `user-${index}`, dataPath: options.dataPath }),
    puppeteer: { executablePath: options.executablePath, args: ['--no-sandbox', ...options.browserArgs] },
    webVersionCache: { type: 'none' },
  });
  clients.set(index, client);
  client.on('qr', (code) => tell({ event: 'qr', client: index, code, at: Date.now() }));
  client.on('ready', () => tell({ event: 'ready', client: index, at: Date.now() }));
  client.on('auth_failure', (message) => tell({ event: 'failed', client: index, error: message }));
  client.on('message', () => {
    times.push(Date.now());
    if (times.length === wanted) tell({ event: 'messages', times });
  });
  try {
    await client.initialize();
  } catch (error) {
    tell({ event: 'failed', client: index, error: String(error) });
  }
}

async function end(): Promise<void> {
  await Promise.allSettled([...clients.values()].map((client) => client.destroy()));
  process.exit();
}

process.on('message', (message) => {
  const order = libraryOrderSchema.parse(message);
  switch (order.do) {
    case 'start':
      void start(order.client);
      break;
    case 'count':
      times = [];
      wanted = order.messages;
      break;
    case 'tell':
      tell({ event: 'messages', times });
      break;
    case 'end':
      void end();
      break;
    default:
      order satisfies never;
  }
});
// Whoever measures is gone. Puppeteer kills its browsers as this process exits.
process.on('disconnect', () => process.exit(1));
// The library leaves rejections of its own unhandled where a page goes away under it. A process that goes on is the
// kinder default.
process.on('unhandledRejection', () => undefined);

tell({ event: 'up' });
for (let index = 0; index < options.clients; index++) void start(index);

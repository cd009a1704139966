import type { UserEvent } from '@top-active/core/contracts';
import { registerUser, type AppUser } from '@top-active/local/client/app-user';
import { followEvents, type RealtimeClient } from '@top-active/local/client/realtime-client';
import { until } from '@top-active/local/client/until';
import type { WorldClient } from '@top-active/local/client/world-client';
import type { Dialogue } from './dialogues.ts';
import { judgeChat, type ExpectedTurn } from './verdict.ts';

export interface ReplayOptions {
  /** Address of the app. */
  origin: string;
  world: WorldClient;
  dialogues: readonly Dialogue[];
  users: number;
  /** Dialogues that one user has at the same time. */
  parallel: number;
  onProgress?: ((progress: { done: number; of: number }) => void) | undefined;
}

export interface ReplayResult {
  users: number;
  dialogues: number;
  /** Turns that were typed on a phone or sent through the API. */
  sent: number;
  /** Messages that the API tells of afterwards. */
  stored: number;
  /** Messages announced live to their owner's app. */
  shown: number;
  outOfOrder: number;
  duplicated: number;
  lost: number;
  /** Messages in a chat or an account where they don't belong. */
  foreign: number;
  seconds: number;
}

interface Player {
  user: AppUser;
  phone: string;
  dialogues: { dialogue: Dialogue; customer: string }[];
  /** Messages announced live, by chat. */
  shown: Map<string, Set<string>>;
  /** Chat ids by the customer's number. */
  chatIds: Map<string, string>;
  realtime: RealtimeClient;
}

const turnTimeoutMs = 60_000;
const pollMs = 100;

/** Plays every dialogue through simulated phones and the product's API, then checks each account line by line. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const startedAt = performance.now();
  const players = await Promise.all(Array.from({ length: options.users }, (_, index) => join(options, index)));
  let done = 0;
  await Promise.all(
    players.map((player) =>
      eachOf(player.dialogues, options.parallel, async ({ dialogue, customer }) => {
        await play({ player, dialogue, customer, world: options.world });
        options.onProgress?.({ done: ++done, of: options.dialogues.length });
      }),
    ),
  );
  const result = await judge(players, options);
  for (const player of players) player.realtime.close();
  return { ...result, seconds: Math.round((performance.now() - startedAt) / 100) / 10 };
}

async function join({ origin, world, dialogues, users }: ReplayOptions, index: number): Promise<Player> {
  const run = Date.now().toString(36);
  const seed = Date.now() % 1e6;
  const phone = `5511${String(70_000_0000 + seed * 10 + index).padStart(9, '9')}`;
  await world.addPhone({ number: phone, name: `Replay ${index + 1}` });
  const user = await registerUser({
    origin,
    world,
    email: `replay-${run}-${index}@example.com`,
    name: `Replay ${index + 1}`,
  });
  const shown = new Map<string, Set<string>>();
  const realtime = await followEvents({
    api: user.api,
    onEvent: (event: UserEvent) => {
      if (event.type !== 'message.stored') return;
      const { chatId, messageId } = event.ids;
      shown.set(chatId, (shown.get(chatId) ?? new Set()).add(messageId));
    },
  });
  await user.linkWhatsApp(phone);
  const own = dialogues.flatMap((dialogue, position) =>
    position % users === index
      ? [{ dialogue, customer: `5521${String(90_000_0000 + ((seed * 1000 + position) % 1e8)).padStart(9, '9')}` }]
      : [],
  );
  return { user, phone, dialogues: own, shown, chatIds: new Map(), realtime };
}

async function play({
  player,
  dialogue,
  customer,
  world,
}: {
  player: Player;
  dialogue: Dialogue;
  customer: string;
  world: WorldClient;
}): Promise<void> {
  await world.addPhone({ number: customer, name: `Customer ${dialogue.id}` });
  for (const [position, turn] of dialogue.turns.entries()) {
    if (turn.from === 'customer') {
      await world.write(customer, player.phone, turn.text);
      await arrived({ player, customer, count: position + 1, dialogue });
    } else {
      await player.user.send(
        knownChat(player, customer),
        turn.text,
        `${dialogue.id}-${position}`.replace(/[^A-Za-z0-9_-]/g, '-').padStart(8, '0'),
      );
      // The same words may have been said before: as many of them must have arrived as were sent.
      const said = dialogue.turns
        .slice(0, position + 1)
        .filter(({ from, text }) => from === 'business' && text === turn.text);
      await until(
        async () => {
          const messages = await world.messages(customer, player.phone);
          const got = messages.filter((message) => !message.fromMe && message.text === turn.text);
          return got.length >= said.length ? true : undefined;
        },
        {
          what: `turn ${position} of ${dialogue.id} on the customer's phone`,
          timeoutMs: turnTimeoutMs,
          everyMs: pollMs,
        },
      );
    }
  }
  // The customer has the last answer before the owner's app is told that it was sent. What never comes, the verdict
  // counts.
  await arrived({ player, customer, count: dialogue.turns.length, dialogue }).catch(() => undefined);
}

/** Waits until the owner's app was told of as many messages of the chat as were said. */
async function arrived({
  player,
  customer,
  count,
  dialogue,
}: {
  player: Player;
  customer: string;
  count: number;
  dialogue: Dialogue;
}): Promise<void> {
  await until(
    async () => {
      const chatId = player.chatIds.get(customer) ?? (await findChat(player, customer));
      return chatId && (player.shown.get(chatId)?.size ?? 0) >= count ? true : undefined;
    },
    { what: `${count} messages of ${dialogue.id} in the app`, timeoutMs: turnTimeoutMs, everyMs: pollMs },
  );
}

/** Only a customer can open a chat: dialogues that the business opens are refused when the file is read. */
function knownChat(player: Player, customer: string): string {
  const chatId = player.chatIds.get(customer);
  if (!chatId) throw new Error(`There is no chat with ${customer} yet`);
  return chatId;
}

async function findChat(player: Player, customer: string): Promise<string | undefined> {
  for (const chat of await player.user.chats()) if (chat.phone) player.chatIds.set(chat.phone, chat.id);
  return player.chatIds.get(customer);
}

async function judge(players: readonly Player[], { users }: ReplayOptions): Promise<Omit<ReplayResult, 'seconds'>> {
  const total = {
    users,
    dialogues: 0,
    sent: 0,
    stored: 0,
    shown: 0,
    outOfOrder: 0,
    duplicated: 0,
    lost: 0,
    foreign: 0,
  };
  for (const player of players) {
    const expected = new Map<string, ExpectedTurn[]>(
      player.dialogues.map(({ dialogue, customer }) => [customer, dialogue.turns]),
    );
    total.dialogues += player.dialogues.length;
    for (const turns of expected.values()) total.sent += turns.length;
    for (const chat of await player.user.chats()) {
      const messages = await player.user.messages(chat.id);
      const turns = chat.phone ? expected.get(chat.phone) : undefined;
      total.stored += messages.length;
      total.shown += messages.filter((message) => player.shown.get(chat.id)?.has(message.id)).length;
      const verdict = judgeChat(
        turns ?? [],
        messages.map((message) => ({
          from: message.author === 'customer' ? 'customer' : 'business',
          text: message.text,
        })),
      );
      total.outOfOrder += verdict.outOfOrder;
      total.duplicated += verdict.duplicated;
      total.lost += verdict.lost;
      total.foreign += verdict.foreign;
      if (chat.phone) expected.delete(chat.phone);
    }
    // Chats that never appeared: everything said in them is lost.
    for (const turns of expected.values()) total.lost += turns.length;
  }
  return total;
}

async function eachOf<T>(items: readonly T[], parallel: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let item = queue.shift(); item; item = queue.shift()) await work(item);
    }),
  );
}

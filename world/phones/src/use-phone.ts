import { onScopeDispose, ref, shallowRef, type Ref } from 'vue';
import { control, type Chat, type Message, type PhoneState, type WorldEvent } from './api.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { ControlError } from './request.ts';
import { useTyping } from './use-typing.ts';

export interface PhoneView {
  state: Ref<PhoneState | undefined>;
  chats: Ref<Chat[]>;
  /** Of the open chat, oldest first; undefined until they are known. */
  messages: Ref<Message[] | undefined>;
  openPeer: Ref<string | undefined>;
  /** Whether the open chat has older messages than those shown, which can be asked for. */
  hasOlder: Ref<boolean>;
  typing: ReadonlySet<string>;
  open(peer: string | undefined): Promise<void>;
  showOlder(): Promise<void>;
  refresh: () => Promise<void>;
  /** Tells the view of something that happened in the world. */
  take(event: WorldEvent): void;
}

const firstPage = 200;
/** The control interface gives no more at once. */
const longestPage = 1_000;

/** What one phone shows, kept up to date by the world's events. A phone without internet keeps showing what it had. */
export function usePhone(number: string): PhoneView {
  const state = shallowRef<PhoneState>();
  const chats = shallowRef<Chat[]>([]);
  const messages = shallowRef<Message[]>();
  const openPeer = ref<string>();
  const hasOlder = ref(false);
  const typing = useTyping();
  let limit = firstPage;
  /** Newest message when the phone lost its internet: later ones wait. */
  let newestSeen: number | undefined;

  async function load(): Promise<void> {
    const peer = openPeer.value;
    const wasKnown = state.value !== undefined;
    const [phone, list] = await Promise.all([control.phone(number), control.chats(number)]);
    state.value = phone;
    if (phone.online || !wasKnown) chats.value = list;
    newestSeen = phone.online ? undefined : (newestSeen ?? newestOf(chats.value));
    if (peer === undefined) return;
    const page = await control.messages(number, peer, limit);
    if (openPeer.value !== peer) return;
    const newest = newestSeen ?? Infinity;
    messages.value = page.filter(({ seq }) => seq <= newest);
    hasOlder.value = page.length === limit && limit < longestPage;
    await readOpenChat(peer);
  }

  async function readOpenChat(peer: string): Promise<void> {
    const chat = chats.value.find((one) => one.peer === peer);
    if (chat && chat.unread !== 0 && state.value?.online && document.visibilityState === 'visible') {
      await control.markRead(number, peer);
    }
  }

  const refresh = oneAtATime(async () => {
    try {
      await load();
    } catch (error) {
      // The page says that the world is away, and everything is loaded anew when it is back.
      if (!(error instanceof ControlError)) throw error;
    }
  });

  async function open(peer: string | undefined): Promise<void> {
    openPeer.value = peer;
    messages.value = undefined;
    hasOlder.value = false;
    limit = firstPage;
    await refresh();
  }

  async function showOlder(): Promise<void> {
    limit = longestPage;
    await refresh();
  }

  function take(event: WorldEvent): void {
    if (event.phone !== number) return;
    const { peer } = event.data;
    if (event.kind === 'typing') {
      if (state.value?.online) typing.set(String(peer), event.data.state !== 'paused');
      return;
    }
    if (event.kind === 'message') typing.set(String(peer), false);
    void refresh();
  }

  const becameVisible = () => void refresh();
  document.addEventListener('visibilitychange', becameVisible);
  onScopeDispose(() => document.removeEventListener('visibilitychange', becameVisible));
  void refresh();
  return { state, chats, messages, openPeer, hasOlder, typing: typing.peers, open, showOlder, refresh, take };
}

function newestOf(chats: Chat[]): number {
  return Math.max(0, ...chats.map((chat) => chat.lastMessage?.seq ?? 0));
}

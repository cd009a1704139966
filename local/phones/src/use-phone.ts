import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import { control, type Chat, type Message, type PhoneState, type WorldEvent } from './api.ts';

export interface PhoneView {
  state: Ref<PhoneState | undefined>;
  chats: Ref<Chat[]>;
  messages: Ref<Message[]>;
  openPeer: Ref<string | undefined>;
  /** Whether the open chat's other side is typing. */
  peerTyping: Ref<boolean>;
  open(peer: string | undefined): Promise<void>;
  refresh(): Promise<void>;
  /** Tells the view of something that happened in the world. */
  take(event: WorldEvent): void;
}

const typingLastsMs = 6_000;

/** What one phone shows, kept up to date by the world's events. */
export function usePhone(number: Ref<string>): PhoneView {
  const state = shallowRef<PhoneState>();
  const chats = shallowRef<Chat[]>([]);
  const messages = shallowRef<Message[]>([]);
  const openPeer = ref<string>();
  const typingUntil = ref(0);
  const clock = ref(Date.now());
  let dirty = false;
  let running = false;
  const timer = setInterval(() => (clock.value = Date.now()), 1_000);
  onScopeDispose(() => clearInterval(timer));

  async function load(): Promise<void> {
    [state.value, chats.value] = await Promise.all([control.phone(number.value), control.chats(number.value)]);
    if (openPeer.value) messages.value = await control.messages(number.value, openPeer.value);
  }

  /** One load at a time; whatever happened during a load causes one more. */
  async function refresh(): Promise<void> {
    dirty = true;
    if (running) return;
    running = true;
    try {
      while (dirty) {
        dirty = false;
        await load();
        await readOpenChat();
      }
    } finally {
      running = false;
    }
  }

  async function readOpenChat(): Promise<void> {
    const chat = chats.value.find(({ peer }) => peer === openPeer.value);
    if (chat && chat.unread > 0 && document.visibilityState === 'visible')
      await control.markRead(number.value, chat.peer);
  }

  async function open(peer: string | undefined): Promise<void> {
    openPeer.value = peer;
    messages.value = [];
    typingUntil.value = 0;
    await refresh();
  }

  function take(event: WorldEvent): void {
    if (event.phone !== number.value) return;
    if (event.kind === 'typing') {
      if (event.data.peer === openPeer.value)
        typingUntil.value = event.data.state === 'paused' ? 0 : event.at + typingLastsMs;
      return;
    }
    void refresh();
  }

  watch(number, () => open(undefined), { immediate: true });
  return {
    state,
    chats,
    messages,
    openPeer,
    peerTyping: computed(() => typingUntil.value > clock.value),
    open,
    refresh,
    take,
  };
}

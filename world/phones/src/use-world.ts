import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref } from 'vue';
import { addresses, control, type PhoneState, type WorldEvent } from './api.ts';
import { followWorld } from './events.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { ControlError } from './request.ts';

export interface World {
  phones: Ref<PhoneState[]>;
  /** False until the phones are known. */
  loaded: Ref<boolean>;
  /** False while the world doesn't answer; the page tries again by itself. */
  connected: Ref<boolean>;
  links: Ref<{ app: string; mailbox: string } | undefined>;
  numbers: ComputedRef<string[]>;
  refresh: () => Promise<void>;
}

const changePhones = new Set<WorldEvent['kind']>([
  'phone-added',
  'phone-changed',
  'message',
  'read',
  'chat-changed',
  'linked',
  'unlinked',
]);

/** All phones, kept up to date. `tell` hears every event, `resync` that everything may have changed. */
export function useWorld({ tell, resync }: { tell: (event: WorldEvent) => void; resync: () => void }): World {
  const phones = shallowRef<PhoneState[]>([]);
  const loaded = ref(false);
  const connected = ref(true);
  const links = shallowRef<{ app: string; mailbox: string }>();
  const refresh = oneAtATime(async () => {
    try {
      phones.value = await control.phones();
      loaded.value = true;
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      connected.value = false;
    }
  });

  async function meet(): Promise<void> {
    connected.value = true;
    await refresh();
    resync();
    links.value ??= await addresses();
  }

  const stop = followWorld({
    onEvent(event) {
      tell(event);
      if (changePhones.has(event.kind)) void refresh();
    },
    onConnected: () => void meet(),
    onLost: () => (connected.value = false),
  });
  onScopeDispose(stop);

  return {
    phones,
    loaded,
    connected,
    links,
    numbers: computed(() => phones.value.map(({ number }) => number)),
    refresh,
  };
}

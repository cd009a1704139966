import type { Chat } from '@top-active/core/contracts';
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { asProblem, isTransient, type ApiProblem } from '../api/problem.ts';
import { useServices } from '../services.ts';
import { unsentOf, type Draft, type Unsent } from './thread-merge.ts';
import { useUnsentStore } from './unsent.ts';
import { emptyThread, readAgain, readNewest, readOlder, readTouched, type Thread } from './thread-sync.ts';

export interface ThreadState extends Thread {
  busy: 'first' | 'older' | undefined;
  problem: ApiProblem | undefined;
  /** Chats merged into it, once they are known. */
  merged: string | undefined;
  /** Distance from the bottom in pixels at which the person left the thread. */
  scroll: number;
}

const attempts = 3;

/** The messages of each chat that was opened: pages, hints and what is on its way out, each once and in order. */
export const useThreadStore = defineStore('thread', () => {
  const { api } = useServices();
  const unsentStore = useUnsentStore();
  const { putAway } = unsentStore;
  const threads = ref(new Map<string, ThreadState>());
  /** One request after the other per chat, so that an older answer never overwrites a newer one. */
  const queues = new Map<string, Promise<unknown>>();
  /** What the event log tells of and wasn't read yet. */
  const touchedIds = new Map<string, Set<string>>();
  const inLine = new Set<string>();

  function of(chatId: string): ThreadState {
    const known = threads.value.get(chatId);
    if (known) return known;
    threads.value.set(chatId, {
      ...emptyThread(chatId),
      busy: undefined,
      problem: undefined,
      merged: undefined,
      scroll: 0,
    });
    return of(chatId);
  }

  /** Shows what is known at once and reads the newest page. */
  async function open(chatId: string): Promise<void> {
    const thread = of(chatId);
    if (!thread.loaded) thread.busy = 'first';
    await inTurn(thread, async () => {
      await readNewest(api, thread);
      if (touchedIds.has(chatId)) await readWaiting(thread);
    });
  }

  /**
   * Chats were merged into this one or taken out: what was read may have holes or be another's. What is on its way out
   * stays.
   */
  async function regroup({ id, merged = [] }: Chat): Promise<void> {
    const thread = of(id);
    const key = merged.map((one) => one.id).join(' ');
    const before = thread.merged;
    thread.merged = key;
    if (before === key) return;
    for (const one of merged) {
      const other = threads.value.get(one.id);
      if (!other) continue;
      for (const draft of other.drafts) draft.to ??= one.id;
      thread.drafts = [...thread.drafts, ...other.drafts];
      threads.value.delete(one.id);
    }
    if (!thread.loaded) return;
    Object.assign(thread, { messages: [], outgoing: [], before: undefined, loaded: false, busy: 'first' });
    await inTurn(thread, () => readNewest(api, thread));
  }

  async function older(chatId: string): Promise<void> {
    const thread = of(chatId);
    if (thread.busy || thread.before === undefined) return;
    thread.busy = 'older';
    await inTurn(thread, () => readOlder(api, thread));
  }

  /** The event log says that these messages, or (none given) only the commands of this chat, have changed. */
  async function touched(chatId: string, messageIds: readonly string[]): Promise<void> {
    const thread = threads.value.get(chatId);
    if (!thread?.loaded) return;
    touchedIds.set(chatId, new Set([...(touchedIds.get(chatId) ?? []), ...messageIds]));
    if (inLine.has(chatId)) return;
    inLine.add(chatId);
    await inTurn(thread, async () => {
      inLine.delete(chatId);
      await readWaiting(thread);
    });
  }

  /** What can't be read waits for the next time: the log doesn't tell of it again. */
  async function readWaiting(thread: ThreadState): Promise<void> {
    const ids = touchedIds.get(thread.chatId) ?? new Set();
    touchedIds.delete(thread.chatId);
    try {
      await readTouched(api, thread, ids);
    } catch (error) {
      touchedIds.set(thread.chatId, new Set([...ids, ...(touchedIds.get(thread.chatId) ?? [])]));
      throw error;
    }
  }

  function reload(): void {
    for (const thread of threads.value.values()) if (thread.loaded) void inTurn(thread, () => readAgain(api, thread));
  }

  async function send(chatId: string, text: string): Promise<void> {
    const thread = of(chatId);
    const key = crypto.randomUUID();
    thread.drafts = [...thread.drafts, { key, text, createdAt: new Date().toISOString(), state: 'posting' }];
    await post(thread, key);
  }

  /** What never reached the server goes again under its old key; what the server gave up on is a new message. */
  async function retry(chatId: string, unsent: Unsent): Promise<void> {
    const thread = of(chatId);
    if (unsent.commandId === undefined) return post(thread, unsent.key);
    putAway(unsent.commandId);
    thread.drafts = thread.drafts.filter((draft) => draft.key !== unsent.key);
    await send(chatId, unsent.text);
  }

  function discard(chatId: string, unsent: Unsent): void {
    const thread = of(chatId);
    if (unsent.commandId !== undefined) putAway(unsent.commandId);
    thread.drafts = thread.drafts.filter((draft) => draft.key !== unsent.key);
  }

  async function post(thread: ThreadState, key: string): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const draft = thread.drafts.find((candidate) => candidate.key === key);
      if (!draft) return;
      draft.state = 'posting';
      const problem = await attemptPost(thread, draft);
      if (!problem) return;
      draft.state = isTransient(problem) ? 'unreached' : 'refused';
      draft.problem = problem.code;
      if (draft.state === 'refused' || !navigator.onLine) return;
    }
  }

  async function attemptPost(thread: ThreadState, draft: Draft): Promise<ApiProblem | undefined> {
    try {
      const command = await api.chats.send(draft.to ?? thread.chatId, { text: draft.text, idempotencyKey: draft.key });
      draft.commandId = command.id;
      draft.state = 'posted';
      return undefined;
    } catch (error) {
      return asProblem(error);
    }
  }

  function inTurn(thread: ThreadState, task: () => Promise<void>): Promise<void> {
    const turn = (queues.get(thread.chatId) ?? Promise.resolve()).then(() => guarded(thread, task));
    queues.set(thread.chatId, turn);
    return turn;
  }

  async function guarded(thread: ThreadState, task: () => Promise<void>): Promise<void> {
    try {
      await task();
      thread.problem = undefined;
    } catch (error) {
      thread.problem = asProblem(error);
    } finally {
      thread.busy = undefined;
    }
  }

  return {
    of,
    open,
    regroup,
    older,
    touched,
    reload,
    send,
    retry,
    discard,
    unsent: (chatId: string) => unsentOf(of(chatId), unsentStore.hidden),
  };
});

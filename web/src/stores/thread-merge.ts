import type { AnyProblemCode } from '../api/problem.ts';
import type { Message, MessagesResponse, Outgoing, SendFailure } from '@top-active/core/contracts';

/** A message typed here, from the Enter key until the server shows it among its own. */
export interface Draft {
  /** Idempotency key: the same for every attempt, so that trying again can't send twice. */
  key: string;
  text: string;
  createdAt: string;
  /** The chat in which it was typed, where that was merged since: its key belongs to that one. */
  to?: string | undefined;
  /** `unreached`: no answer came, or the server failed; `refused`: it said no, and why is in `problem`. */
  state: 'posting' | 'unreached' | 'refused' | 'posted';
  problem?: AnyProblemCode | undefined;
  commandId?: string | undefined;
  /** The server has shown it among its own: from then on its word counts. */
  listed?: boolean | undefined;
}

/** What stands below the last message: not (yet) messages. */
export interface Unsent {
  /** Stable over the whole way out, for the list on the screen. */
  key: string;
  text: string;
  author: 'owner' | 'assistant';
  createdAt: string;
  state: 'posting' | 'unreached' | 'refused' | 'waiting' | 'failed' | 'astray' | 'unknown';
  problem?: AnyProblemCode | undefined;
  /** Of `failed`: why WhatsApp didn't get it or doesn't take it, where that is known. */
  failure?: SendFailure | undefined;
  commandId?: string | undefined;
}

/** Which part of a chat an answer shows whole: the ids between these two, without an end where one is absent. */
export interface Span {
  above?: string | undefined;
  below?: string | undefined;
}

/** @param query what the page was asked for; both absent: the newest one */
export function spanOf(
  query: { before?: string | undefined; after?: string | undefined },
  page: Pick<MessagesResponse, 'before' | 'after'>,
): Span {
  return { above: query.after ?? page.before, below: query.before ?? page.after };
}

/**
 * Messages by id, ascending, each once; `incoming` is newer knowledge of the same message. What is known within `span`
 * and isn't in `incoming` is stored no more: a planned message that was sent stands elsewhere, a deleted one that was
 * told twice is one.
 */
export function mergeMessages(known: readonly Message[], incoming: readonly Message[], span: Span): Message[] {
  const byId = new Map(known.filter(({ id }) => !isWithin(id, span)).map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, message);
  return [...byId.values()].toSorted(byMessageId);
}

/**
 * The newest page over what was loaded before. If it doesn't reach down to it there is a hole between them: what was
 * loaded before is let go, and scrolling up reads it again.
 */
export function mergeNewestPage(
  known: readonly Message[],
  page: MessagesResponse,
): { messages: Message[]; kept: boolean } {
  const oldest = page.items[0];
  const newestKnown = known.at(-1);
  const kept =
    newestKnown !== undefined && (page.before === undefined || (oldest !== undefined && oldest.id <= newestKnown.id));
  return { messages: kept ? mergeMessages(known, page.items, spanOf({}, page)) : [...page.items], kept };
}

function isWithin(id: string, { above, below }: Span): boolean {
  return (above === undefined || id > above) && (below === undefined || id < below);
}

/**
 * The greatest cursor before a message: `after` it begins with every message of that very millisecond stamp. Stanza ids
 * are at most 64 letters and digits, so a lone lower stamp with the greatest suffix sorts right below.
 */
export function cursorBefore(messageId: string): string {
  const stamp = Number(messageId.slice(0, 13)) - 1;
  return `${String(Math.max(0, stamp)).padStart(13, '0')}-${'z'.repeat(64)}`;
}

/** Everything on its way out that no message on the screen stands for, oldest first. */
export function unsentOf(
  thread: { messages: readonly Message[]; outgoing: readonly Outgoing[]; drafts: readonly Draft[] },
  hidden: ReadonlySet<string>,
): Unsent[] {
  const sent = new Set(thread.messages.map((message) => message.commandId).filter((id) => id !== undefined));
  const shown = new Set(thread.messages.map((message) => message.id));
  const keyOf = new Map(thread.drafts.map((draft) => [draft.commandId, draft.key]));
  const fromServer = thread.outgoing
    .filter(
      ({ id, messageId }) => !sent.has(id) && !hidden.has(id) && !(messageId !== undefined && shown.has(messageId)),
    )
    .map((command) => fromOutgoing(command, keyOf.get(command.id) ?? command.id));
  const known = new Set(thread.outgoing.map((command) => command.id));
  const fromHere = thread.drafts
    .filter(
      ({ commandId }) =>
        commandId === undefined || !(known.has(commandId) || sent.has(commandId) || hidden.has(commandId)),
    )
    .map(fromDraft);
  return [...fromServer, ...fromHere].toSorted((a, b) => compare(a.createdAt, b.createdAt));
}

/** Drafts after an answer of the server: those go that became a message, or that it showed once and shows no more. */
export function openDrafts(
  drafts: readonly Draft[],
  { messages, outgoing }: { messages: readonly Message[]; outgoing: readonly Outgoing[] },
): Draft[] {
  const sent = new Set(messages.map((message) => message.commandId));
  const listed = new Set(outgoing.map((command) => command.id));
  return drafts
    .filter(
      ({ commandId, listed: before }) =>
        commandId === undefined || (!sent.has(commandId) && (listed.has(commandId) || before !== true)),
    )
    .map((draft) =>
      draft.commandId !== undefined && listed.has(draft.commandId) ? { ...draft, listed: true } : draft,
    );
}

/** Each has words of its own. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const sendFailures = Object.keys({
  blocked_by_owner: true,
  reachout_restricted: true,
  new_chats_used_up: true,
  refused: true,
  not_sent: true,
} satisfies Record<SendFailure, true>) as SendFailure[];

/** `astray`: the chat was taken apart before it was sent, and whom it was for is in the other part now. */
function fromOutgoing(command: Outgoing, key: string): Unsent {
  const states = {
    PENDING: 'waiting',
    CLAIMED: 'waiting',
    SENT: 'waiting',
    FAILED: 'failed',
    UNKNOWN: 'unknown',
  } as const;
  const { text, author, createdAt, id, failure } = command;
  const state = failure === 'recipient_left' ? 'astray' : states[command.state];
  const known = sendFailures.find((one) => one === failure && state === 'failed');
  return { key, text, author, createdAt, state, ...(known && { failure: known }), commandId: id };
}

function fromDraft({ key, text, createdAt, state, problem, commandId }: Draft): Unsent {
  return { key, text, createdAt, author: 'owner', state: state === 'posted' ? 'waiting' : state, problem, commandId };
}

function byMessageId(a: Message, b: Message): number {
  return compare(a.id, b.id);
}

/** By code unit, as the table sorts: never by locale. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

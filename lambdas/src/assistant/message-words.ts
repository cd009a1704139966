import type { MessageRecord } from '@top-active/aws';
import type { MessageKind, Reaction } from '@top-active/core/contracts';

const messageCharacters = 2_000;
const quoteCharacters = 200;
const nameCharacters = 80;
const listed = 12;

const names: Readonly<Partial<Record<MessageKind, string>>> = {
  image: 'picture',
  video: 'video',
  video_note: 'round video',
  audio: 'audio file',
  voice: 'voice message',
  document: 'document',
  sticker: 'sticker',
};

/**
 * A message as a model can read it: its text, and in brackets what else it is. Undefined for what was deleted, or is
 * only planned and which nobody has read yet. Names, quotes and the like are what somebody wrote: they are cut short
 * and kept on one line.
 */
export function wordsOf(message: MessageRecord): string | undefined {
  if (message.kind === 'revoked' || message.plannedFor !== undefined) return undefined;
  const { text, quoted, sender } = message;
  const notes = [
    sender && `from ${name(sender.name ?? sender.phone ?? 'a member of the group')}`,
    quoted && quoted.kind !== 'revoked' && `answering: ${quotedWords(quoted)}`,
    natureOf(message),
  ];
  const words = text.length > messageCharacters ? `${text.slice(0, messageCharacters).toWellFormed()} […]` : text;
  return (
    [...notes.flatMap((note) => (note ? [`[${note}]`] : [])), words].filter((part) => part !== '').join('\n') ||
    '[no text]'
  );
}

/** Somebody's reaction, as a message of its own. */
export function reactionWords({ emoji, senderName }: Reaction, to: MessageRecord): string {
  const by = senderName === undefined ? '' : `${name(senderName)} `;
  return `[${by}reacted ${short(emoji, 16)} to: ${quotedWords(to)}]`;
}

function quotedWords({ kind, text }: { kind: MessageKind; text: string }): string {
  return text === '' ? `a ${names[kind] ?? 'message'}` : `"${short(text, quoteCharacters)}"`;
}

function natureOf(message: MessageRecord): string | undefined {
  const { kind, onPhone, viewOnce, place, contacts, poll, call, file } = message;
  if (viewOnce || onPhone?.reason === 'view_once')
    return `${names[kind] ?? 'picture or video'} that can be opened once, on the phone only`;
  if (onPhone) return 'a message that only the phone can show';
  if (place) return placeWords(place);
  if (contacts) return `contact cards: ${contacts.slice(0, listed).map(cardWords).join('; ')}`;
  if (poll) return pollWords(poll);
  if (call) return callWords(call);
  const media = names[kind];
  if (media !== undefined)
    return [media, file?.name && `"${name(file.name)}"`, lengthOf(file?.seconds)].filter(Boolean).join(', ');
  return kind === 'text' ? undefined : kind;
}

function placeWords({ latitude, longitude, name: called, address, live }: NonNullable<MessageRecord['place']>): string {
  const words = [called && name(called), address && short(address, quoteCharacters), `${latitude}, ${longitude}`];
  return `${live ? 'live place' : 'place'}: ${words.filter(Boolean).join(', ')}`;
}

function cardWords({ name: called, phones }: NonNullable<MessageRecord['contacts']>[number]): string {
  return [name(called), ...phones.slice(0, 3).map(name)].join(' ');
}

function pollWords({ question, options }: NonNullable<MessageRecord['poll']>): string {
  const votes = options
    .slice(0, listed)
    .map(({ text, votes: count }) => `${name(text)} (${count ?? 'unknown number of'} votes)`);
  return `poll: ${short(question, quoteCharacters)} ${votes.join(', ')}`;
}

function callWords({ missed, video, seconds }: NonNullable<MessageRecord['call']>): string {
  const kind = video ? 'video call' : 'call';
  return [missed ? `missed ${kind}` : kind, lengthOf(seconds)].filter(Boolean).join(', ');
}

function lengthOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${Math.round(seconds)} seconds`;
}

function name(text: string): string {
  return short(text, nameCharacters);
}

/** On one line, and without the brackets that set notes apart. */
function short(text: string, characters: number): string {
  const line = text.replaceAll(/[\s[\]"]+/g, ' ').trim();
  return line.length > characters ? `${line.slice(0, characters).toWellFormed()}…` : line;
}

import type { Call, ContactCard, FileFacts, MessageKind, Place, Poll } from '@top-active/core/contracts';
import type { EngineContent } from '../../engine.ts';
import { clipped, maxNameLength } from './clip.ts';
import { readAdded } from './read-added.ts';
import { readPoll } from './read-poll.ts';
import { readQuoted } from './read-quoted.ts';
import { readSender } from './read-sender.ts';
import { readVCards } from './read-vcards.ts';
import type { RawMessage } from './raw-message.ts';
import type { MessageKey } from './read-key.ts';
import { instantOf } from './read-time.ts';

const maxFileNameLength = 255;
const maxMimeTypeLength = 128;
const maxAddressLength = 500;

/** A year. What claims to play or to have lasted longer is left out. */
const maxSeconds = 366 * 24 * 3_600;

const kindsWithFile = new Set<MessageKind>(['image', 'video', 'video_note', 'audio', 'voice', 'document', 'sticker']);

/** What a message is besides its text. Only what it has is there. */
export function readContent(raw: RawMessage, { key, kind }: { key: MessageKey; kind: MessageKind }): EngineContent {
  if (kind === 'revoked') return present({ sender: readSender(raw, key) });
  const added = readAdded(raw.topActive);
  return present({
    sender: readSender(raw, key),
    quoted: readQuoted(raw, key),
    reactions: added.reactions,
    place: kind === 'location' ? readPlace(raw) : undefined,
    contacts: kind === 'contact' ? readContacts(raw) : undefined,
    poll: kind === 'poll' ? readPollOf(raw, added.votes) : undefined,
    file: kindsWithFile.has(kind) ? readFile(raw) : undefined,
    call: kind === 'call' ? readCall(raw) : undefined,
    viewOnce: isViewOnce(raw) ? true : undefined,
    plannedFor: readPlannedFor(raw, key),
  });
}

function present(content: EngineContent): EngineContent {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined));
}

function readPlace({ lat, lng, loc, isLive }: RawMessage): Place | undefined {
  if (lat === undefined || lng === undefined || Math.abs(lat) > 90 || Math.abs(lng) > 180) return undefined;
  const [name, ...address] = (loc ?? '').split('\n');
  return {
    latitude: lat,
    longitude: lng,
    ...optional('name', clipped(name, maxNameLength)),
    ...optional('address', clipped(address.join(', '), maxAddressLength)),
    ...(isLive === true && { live: true }),
  };
}

function readContacts({ type, body, vcardFormattedName, vcardList }: RawMessage): ContactCard[] | undefined {
  const cards = type === 'multi_vcard' ? (vcardList ?? []) : [{ vcard: body, displayName: vcardFormattedName }];
  const read = readVCards(cards);
  return read.length > 0 ? read : undefined;
}

function readPollOf(raw: RawMessage, votes: Parameters<typeof readPoll>[0]['votes']): Poll | undefined {
  const { pollName: question, pollOptions: options, pollSelectableOptionsCount: selectable } = raw;
  return readPoll({ question, options, selectable, votes });
}

function readFile({ filename, mimetype, size, duration }: RawMessage): FileFacts | undefined {
  const seconds = typeof duration === 'string' ? Number.parseFloat(duration) : duration;
  const facts: FileFacts = {
    ...optional('name', clipped(filename, maxFileNameLength)),
    ...optional('mimeType', clipped(mimetype, maxMimeTypeLength)),
    ...(Number.isSafeInteger(size) && size !== undefined && size >= 0 && { bytes: size }),
    ...(typeof seconds === 'number' && seconds > 0 && seconds <= maxSeconds && { seconds }),
  };
  return Object.keys(facts).length > 0 ? facts : undefined;
}

/**
 * Its outcome is named or numbered, by the build of the page: https://github.com/WhatsApp/proto,
 * `CallLogMessage.CallOutcome`.
 */
const notMissed = new Set([
  'connected',
  'completed',
  'rejected',
  'ongoing',
  'ongoingcall',
  'acceptedelsewhere',
  '0',
  '3',
  '4',
  '5',
]);

function readCall({ subtype, callOutcome, callDuration, isVideoCall }: RawMessage): Call {
  const seconds = Math.floor(callDuration ?? 0);
  const isOutcome = typeof callOutcome === 'string' || typeof callOutcome === 'number';
  const outcome = isOutcome ? String(callOutcome).toLowerCase().replaceAll(/[_\s]/g, '') : undefined;
  const lasted = seconds > 0 && seconds <= maxSeconds;
  return {
    missed:
      !lasted &&
      (outcome === undefined ? subtype === undefined || subtype.startsWith('miss') : !notMissed.has(outcome)),
    video: isVideoCall === true || subtype?.includes('video') === true,
    ...(lasted && { seconds }),
  };
}

function isViewOnce({ isViewOnce: once, type, subtype }: RawMessage): boolean {
  return once === true || (type === 'ciphertext' && subtype?.startsWith('view_once') === true);
}

/** The page keeps what is planned among the messages of the chat until it is sent. */
function readPlannedFor({ viewMode, isScheduledMsg, scheduledTimestampS, t }: RawMessage, { fromMe }: MessageKey) {
  const isPlanned = viewMode === 'SCHEDULED_MESSAGE' || (isScheduledMsg === true && viewMode === undefined);
  return fromMe && isPlanned ? instantOf(scheduledTimestampS ?? t) : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript widens a computed key
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}

import { checkAttributes } from './attributes.ts';
import { WhatsAppRefusal } from './errors.ts';
import type { MediaStore } from './media-store.ts';
import type { CallInput, CardInput, ContentInput, MediaInput, MessageType, PlaceInput, PollInput } from './types.ts';

/** What a message holds, however it was put together. */
export interface Content {
  type: MessageType;
  text: string;
  media?: string | undefined;
  extra: Record<string, unknown>;
  sealed?: string | undefined;
}

interface Bare {
  type: MessageType;
  text?: string | undefined;
  media?: string | undefined;
  extra?: Record<string, unknown> | undefined;
}

/** WhatsApp's name of what a linked device is told of what may be looked at once, on the phone alone. */
const viewOncePlaceholder = 'view_once_unavailable_fanout';

/** @throws WhatsAppRefusal invalid */
export function contentOf(input: ContentInput, media: MediaStore): Content {
  const { type, text = '', media: file, extra } = bareContent(input, media);
  const sealed = input.sealed ?? (input.media?.viewOnce === 'placeholder' ? viewOncePlaceholder : undefined);
  const attributes = checkAttributes(input.attributes ?? {});
  return {
    type: input.type ?? type,
    text,
    media: file,
    extra: { ...extra, ...(input.broadcast === true && { broadcast: true }), ...attributes },
    sealed,
  };
}

function bareContent(input: ContentInput, media: MediaStore): Bare {
  const { text, type } = input;
  if (input.media !== undefined) return fileContent({ ...input.media, text }, media);
  if (input.place !== undefined) return placeContent(input.place, text);
  if (input.contacts !== undefined) return cardContent(input.contacts);
  if (input.poll !== undefined) return pollContent(input.poll);
  if (input.call !== undefined) return callContent(input.call);
  if (type !== undefined) return { type, text };
  if (text === undefined || text === '') throw new WhatsAppRefusal('invalid', 'A message needs text or other content.');
  return { type: 'chat', text };
}

/** The wrapper of an album: its pictures follow as messages of their own. */
export function albumContent(files: MediaInput[]): Content {
  const videos = files.filter(({ mimetype }) => mimetype.startsWith('video/')).length;
  return { type: 'album', text: '', extra: { expectedImageCount: files.length - videos, expectedVideoCount: videos } };
}

/** What a picture of an album says of its wrapper. */
export function albumMember(wrapper: string): Record<string, unknown> {
  return { parentMsgKey: { $message: wrapper }, associationType: 'MEDIA_ALBUM' };
}

function fileContent(input: MediaInput & { text?: string | undefined }, media: MediaStore): Bare {
  const bytes = Buffer.from(input.data, 'base64');
  const { id } = media.put({ mimetype: input.mimetype, filename: input.filename ?? null, bytes });
  return {
    type: typeOfMedia(input),
    text: input.caption ?? input.text ?? '',
    media: id,
    extra: {
      // WhatsApp's page has whole seconds, as text.
      ...(input.seconds !== undefined && { duration: String(Math.round(input.seconds)) }),
      ...(input.viewOnce === 'media' && { isViewOnce: true }),
    },
  };
}

function typeOfMedia({ mimetype, voice, round }: MediaInput): MessageType {
  const [family = ''] = mimetype.split('/');
  if (mimetype === 'image/webp') return 'sticker';
  if (family === 'video') return round === true ? 'ptv' : 'video';
  if (family === 'image') return 'image';
  if (family === 'audio') return voice === true ? 'ptt' : 'audio';
  return 'document';
}

/** The map that WhatsApp shows stands in the body, as a small picture: no words of anybody. */
const mapThumbnail =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8Q';

function placeContent({ latitude, longitude, name, address, url, live }: PlaceInput, text?: string): Bare {
  const lines = [name, address].filter((line) => line !== undefined);
  const extra = {
    lat: latitude,
    lng: longitude,
    body: mapThumbnail,
    ...(lines.length > 0 && { loc: lines.join('\n') }),
    ...(url !== undefined && { clientUrl: url }),
    ...(live === true && { isLive: true, shareDuration: 3600, ...(text !== undefined && { comment: text }) }),
  };
  return { type: 'location', extra };
}

function cardContent(cards: CardInput[]): Bare {
  const [first] = cards;
  if (first === undefined) throw new WhatsAppRefusal('invalid', 'A message with contacts needs one at least.');
  if (cards.length === 1) {
    return { type: 'vcard', text: vcardOf(first), extra: { vcardFormattedName: first.name } };
  }
  return {
    type: 'multi_vcard',
    extra: { vcardList: cards.map((card) => ({ displayName: card.name, vcard: vcardOf(card) })) },
  };
}

function vcardOf({ name, phones }: CardInput): string {
  const numbers = phones.map((phone) => `TEL;type=CELL;waid=${phone.replace(/\D/g, '')}:${phone}`);
  return ['BEGIN:VCARD', 'VERSION:3.0', `N:;${name};;;`, `FN:${name}`, ...numbers, 'END:VCARD'].join('\n');
}

function pollContent({ question, options, multiple }: PollInput): Bare {
  return {
    type: 'poll_creation',
    extra: {
      pollName: question,
      pollOptions: options.map((name, localId) => ({ name, localId })),
      // 0: as many as one likes.
      pollSelectableOptionsCount: multiple === true ? 0 : 1,
    },
  };
}

function callContent({ outcome, video, seconds }: CallInput): Bare {
  return {
    type: 'call_log',
    extra: { callOutcome: outcome, isVideoCall: video === true, callDuration: seconds ?? 0 },
  };
}

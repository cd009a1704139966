import type { MessageKind, OnPhone } from '@top-active/core/contracts';

/** A type of message that a person or a company sent. */
export interface MappedType {
  kind: MessageKind;
  /** Where the page's message has the words, tried in this order; `a.b` is the field `b` of `a`. */
  text: readonly string[];
  /** Where the rest of it opens, when the words aren't all. */
  onPhone?: OnPhone['reason'];
}

/** A type that is none of a person's messages. */
interface IgnoredType {
  /** Completes "left out, since it is …". */
  ignored: string;
}

type MessageType = MappedType | IgnoredType;

const file = (kind: MessageKind): MappedType => ({ kind, text: ['caption'] });
const words = (...text: string[]): MappedType => ({ kind: 'text', text });
/** What this app can name but not show. */
const phoneOnly = (...text: string[]): MappedType => ({ kind: 'other', text, onPhone: 'unknown_type' });

const notice: IgnoredType = { ignored: 'a notice that the page writes itself' };
const addOn: IgnoredType = { ignored: 'an addition to another message, which changes with it' };
const transport: IgnoredType = { ignored: 'for devices, not for people' };
const history: IgnoredType = { ignored: 'a bundle of earlier messages, each of which comes by itself' };
const outside: IgnoredType = { ignored: 'no part of a conversation' };

/**
 * Every type that WhatsApp's page is known to have, in its own words. What isn't in here is shown as a message that
 * only opens on the phone. A final `*` stands for any ending.
 */
export const messageTypes: Readonly<Record<string, MessageType>> = {
  chat: words('body'),
  comment: words('body'),
  rich_response: words('body'),
  automated_greeting_message: words('body'),
  quarantined: words('quarantineExtractedText', 'body'),
  hsm: words('body', 'caption', 'title'),
  interactive: words('body', 'caption', 'interactiveHeader.title', 'title'),
  interactive_response: words('body', 'interactiveResponseMessage.body.text', 'title'),
  native_flow: words('body', 'caption', 'title'),
  list: words('body', 'list.description', 'list.title', 'title'),
  list_response: words('body', 'listResponse.title', 'listResponse.description', 'title'),
  buttons_response: words('body', 'selectedDisplayText'),
  template_button_reply: words('body', 'selectedDisplayText'),

  image: file('image'),
  video: file('video'),
  ptv: file('video_note'),
  audio: file('audio'),
  ptt: file('voice'),
  document: file('document'),
  sticker: file('sticker'),

  location: { kind: 'location', text: ['comment'] },
  vcard: { kind: 'contact', text: [] },
  multi_vcard: { kind: 'contact', text: [] },
  poll_creation: { kind: 'poll', text: ['pollName'] },
  call_log: { kind: 'call', text: [] },
  revoked: { kind: 'revoked', text: [] },

  ciphertext: { kind: 'other', text: [], onPhone: 'not_decrypted' },

  album: phoneOnly(),
  biz_content_placeholder: phoneOnly(),
  event_creation: phoneOnly('eventName', 'body'),
  groups_v4_invite: phoneOnly('comment', 'inviteGrpName'),
  music: phoneOnly('title'),
  newsletter_admin_invite: phoneOnly('comment', 'newsletterName'),
  newsletter_follower_invite: phoneOnly('comment', 'newsletterName'),
  order: phoneOnly('message', 'orderTitle'),
  oversized: phoneOnly(),
  payment: phoneOnly('paymentNoteMsg.body', 'caption'),
  poll_result_snapshot: phoneOnly('pollName'),
  product: phoneOnly('title', 'description'),
  request_phone_number: phoneOnly(),
  scheduled_event_creation: phoneOnly('eventName', 'body'),
  sharable_event_invite: phoneOnly('eventName', 'caption'),
  'sticker-pack': phoneOnly('stickerPackName'),
  unknown: phoneOnly(),

  'biz-cover-photo': notice,
  broadcast_notification: notice,
  e2e_notification: notice,
  gp2: notice,
  group_notification: notice,
  guest_upsell_system_msg: notice,
  newsletter_notification: notice,
  notification: notice,
  notification_template: notice,
  status_notification: notice,

  event_edit_encrypted: addOn,
  event_response: addOn,
  keep_in_chat: addOn,
  message_edit_encrypted: addOn,
  newsletter_question_response: addOn,
  pin_message: addOn,
  pinned_message: addOn,
  'poll_add_option_*': addOn,
  poll_edit_encrypted: addOn,
  poll_update: addOn,
  reaction: addOn,
  reaction_enc: addOn,

  debug: transport,
  debug_placeholder: transport,
  loading_media: transport,
  protocol: transport,

  'group-history': history,
  history_bundle: history,
  message_history_bundle: history,
  message_history_notice: history,

  status: outside,
};

/** Such ciphertexts stand for what WhatsApp gives to the phone alone. */
const viewOnceSubtype = 'view_once_unavailable_fanout';

export function typeOf(type: string): MessageType {
  if (Object.hasOwn(messageTypes, type)) return messageTypes[type] ?? phoneOnly();
  const family = Object.entries(messageTypes).find(
    ([name]) => name.endsWith('*') && type.startsWith(name.slice(0, -1)),
  );
  return family?.[1] ?? phoneOnly();
}

export function onPhoneReason({ onPhone }: MappedType, subtype: string | undefined): OnPhone['reason'] | undefined {
  return onPhone === 'not_decrypted' && subtype === viewOnceSubtype ? 'view_once' : onPhone;
}

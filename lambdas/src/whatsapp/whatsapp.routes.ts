import { linkNoticeVersion, whatsAppRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

const tags = ['WhatsApp'];

export const getWhatsAppRoute = describeRoute(whatsAppRoutes, 'GET /api/whatsapp', {
  operationId: 'getWhatsApp',
  tags,
  summary: 'State of the link to WhatsApp',
  description: 'While the state is `qr`, with the code to draw. Each change is announced by `whatsapp.updated`.',
  answers: { 200: 'The state.' },
});

export const acceptLinkNoticeRoute = describeRoute(whatsAppRoutes, 'POST /api/whatsapp/notice', {
  operationId: 'acceptLinkNotice',
  tags,
  summary: 'Accept the notice on linking WhatsApp',
  description: 'Recorded with version and time, once. Nothing is linked before the current version is accepted.',
  example: { version: linkNoticeVersion },
  answers: { 200: 'The profile as it is now.' },
  problems: ['not_found', 'whatsapp_notice_outdated'],
});

export const connectWhatsAppRoute = describeRoute(whatsAppRoutes, 'POST /api/whatsapp/connect', {
  operationId: 'connectWhatsApp',
  tags,
  summary: 'Begin to link a WhatsApp account',
  description:
    'A session host opens WhatsApp Web for this user; the QR code follows in the state. After ten attempts each further one waits, from six minutes up to an hour. While `heldUntil` ' +
    'lies ahead, WhatsApp restricts the account and has named no end: only `despiteRestriction` begins.',
  example: { despiteRestriction: true },
  answers: { 202: 'Begun.' },
  problems: [
    'whatsapp_notice_not_accepted',
    'too_many_attempts',
    'whatsapp_already_connecting',
    'whatsapp_already_linked',
    'whatsapp_restricted',
  ],
});

export const pairByCodeRoute = describeRoute(whatsAppRoutes, 'POST /api/whatsapp/pairing-code', {
  operationId: 'requestPairingCode',
  tags,
  summary: 'Link by a code that is typed on the phone',
  description:
    'Begins to link, or goes on from the QR code. The code follows in the state `code`; asked again, the next one takes its place. Brazilian numbers in any spelling, others with `+` and ' +
    'the country code. After six codes each further one waits, from five minutes up to an hour: WhatsApp blocks who asks too often.',
  example: { phone: '+55 (11) 91234-5678' },
  answers: { 202: 'Asked for.' },
  problems: [
    'whatsapp_notice_not_accepted',
    'whatsapp_already_connecting',
    'whatsapp_already_linked',
    'whatsapp_restricted',
    'too_many_attempts',
  ],
});

export const pairByQrRoute = describeRoute(whatsAppRoutes, 'DELETE /api/whatsapp/pairing-code', {
  operationId: 'leavePairingCode',
  tags,
  summary: 'Link by QR code again',
  description: 'While the state is `code`: the code is void, and a QR code follows in the state.',
  answers: { 202: 'Asked for.' },
});

export const disconnectWhatsAppRoute = describeRoute(whatsAppRoutes, 'POST /api/whatsapp/disconnect', {
  operationId: 'disconnectWhatsApp',
  tags,
  summary: 'Unlink the WhatsApp account',
  description: 'Logs the device out on the phone and deletes its session. Stored chats stay.',
  answers: { 202: 'Asked for.' },
});

export const answerPasskeyRoute = describeRoute(whatsAppRoutes, 'POST /api/whatsapp/passkey/{requestId}', {
  operationId: 'answerPasskey',
  tags,
  summary: "Answer WhatsApp's passkey request",
  description:
    'While the state is `passkey`: the assertion that the owner has signed on web.whatsapp.com, or a refusal, which ends the attempt. Once for each request. The assertion is kept sealed ' +
    'until it is handed to WhatsApp, and for as long as the request lives at most.',
  example: { outcome: 'refused' },
  answers: { 202: 'On its way to WhatsApp.' },
  problems: ['passkey_request_gone', 'passkey_invalid'],
});

export const compareCodeRoute = describeRoute(whatsAppRoutes, 'POST /api/whatsapp/comparison', {
  operationId: 'compareLinkingCode',
  tags,
  summary: 'Say whether the phone shows the same code',
  description: 'While the state is `code_comparison`. A code that differs ends the attempt.',
  example: { code: 'K7QX-2MPD', matches: true },
  answers: { 202: 'On its way to WhatsApp.' },
  problems: ['passkey_request_gone'],
});

export const whatsAppOperations = [
  getWhatsAppRoute,
  acceptLinkNoticeRoute,
  connectWhatsAppRoute,
  pairByCodeRoute,
  pairByQrRoute,
  disconnectWhatsAppRoute,
  answerPasskeyRoute,
  compareCodeRoute,
];

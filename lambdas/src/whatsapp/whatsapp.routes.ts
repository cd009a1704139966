import { createRoute } from '@hono/zod-openapi';
import {
  acceptLinkNoticeRequestSchema,
  codeComparisonRequestSchema,
  connectWhatsAppRequestSchema,
  linkNoticeVersion,
  meSchema,
  passkeyAnswerSchema,
  whatsAppStatusSchema,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';
import { pairingCodeRequestSchema } from './pairing-request.ts';

const tags = ['WhatsApp'];
const status = (description: string) => ({
  description,
  content: { 'application/json': { schema: whatsAppStatusSchema } },
});

export const getWhatsAppRoute = createRoute({
  method: 'get',
  path: '/api/whatsapp',
  operationId: 'getWhatsApp',
  tags,
  summary: 'State of the link to WhatsApp',
  description: 'While the state is `qr`, with the code to draw. Each change is announced by `whatsapp.updated`.',
  security: bearer,
  responses: { 200: status('The state.'), ...problemResponses(...ofTokens) },
});

export const acceptLinkNoticeRoute = createRoute({
  method: 'post',
  path: '/api/whatsapp/notice',
  operationId: 'acceptLinkNotice',
  tags,
  summary: 'Accept the notice on linking WhatsApp',
  description: 'Recorded with version and time, once. Nothing is linked before the current version is accepted.',
  security: bearer,
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: acceptLinkNoticeRequestSchema, example: { version: linkNoticeVersion } },
      },
    },
  },
  responses: {
    200: { description: 'The profile as it is now.', content: { 'application/json': { schema: meSchema } } },
    ...problemResponses(...ofBodies, ...ofTokens, 'not_found', 'whatsapp_notice_outdated'),
  },
});

export const connectWhatsAppRoute = createRoute({
  method: 'post',
  path: '/api/whatsapp/connect',
  operationId: 'connectWhatsApp',
  tags,
  summary: 'Begin to link a WhatsApp account',
  description:
    'A session host opens WhatsApp Web for this user; the QR code follows in the state. After ten attempts each further one waits, from six minutes up to an hour. While `heldUntil` ' +
    'lies ahead, WhatsApp restricts the account and has named no end: only `despiteRestriction` begins.',
  security: bearer,
  request: {
    body: {
      required: false,
      content: { 'application/json': { schema: connectWhatsAppRequestSchema, example: { despiteRestriction: true } } },
    },
  },
  responses: {
    202: status('Begun.'),
    ...problemResponses(
      ...ofBodies,
      ...ofTokens,
      'whatsapp_notice_not_accepted',
      'too_many_attempts',
      'whatsapp_already_connecting',
      'whatsapp_already_linked',
      'whatsapp_restricted',
    ),
  },
});

export const pairByCodeRoute = createRoute({
  method: 'post',
  path: '/api/whatsapp/pairing-code',
  operationId: 'requestPairingCode',
  tags,
  summary: 'Link by a code that is typed on the phone',
  description:
    'Begins to link, or goes on from the QR code. The code follows in the state `code`; asked again, the next one takes its place. Brazilian numbers in any spelling, others with `+` and ' +
    'the country code. After six codes each further one waits, from five minutes up to an hour: WhatsApp blocks who asks too often.',
  security: bearer,
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: pairingCodeRequestSchema, example: { phone: '+55 (11) 91234-5678' } } },
    },
  },
  responses: {
    202: status('Asked for.'),
    ...problemResponses(
      ...ofBodies,
      ...ofTokens,
      'whatsapp_notice_not_accepted',
      'whatsapp_already_connecting',
      'whatsapp_already_linked',
      'whatsapp_restricted',
      'too_many_attempts',
    ),
  },
});

export const pairByQrRoute = createRoute({
  method: 'delete',
  path: '/api/whatsapp/pairing-code',
  operationId: 'leavePairingCode',
  tags,
  summary: 'Link by QR code again',
  description: 'While the state is `code`: the code is void, and a QR code follows in the state.',
  security: bearer,
  responses: { 202: status('Asked for.'), ...problemResponses(...ofTokens) },
});

export const disconnectWhatsAppRoute = createRoute({
  method: 'post',
  path: '/api/whatsapp/disconnect',
  operationId: 'disconnectWhatsApp',
  tags,
  summary: 'Unlink the WhatsApp account',
  description: 'Logs the device out on the phone and deletes its session. Stored chats stay.',
  security: bearer,
  responses: { 202: status('Asked for.'), ...problemResponses(...ofTokens) },
});

export const answerPasskeyRoute = createRoute({
  method: 'post',
  path: '/api/whatsapp/passkey/{requestId}',
  operationId: 'answerPasskey',
  tags,
  summary: "Answer WhatsApp's passkey request",
  description:
    'While the state is `passkey`: the assertion that the owner has signed on web.whatsapp.com, or a refusal, which ends the attempt. Once for each request. The assertion is kept sealed ' +
    'until it is handed to WhatsApp, and for as long as the request lives at most.',
  security: bearer,
  request: {
    // A malformed id is one that nobody waits for.
    params: z.object({ requestId: z.string().max(64) }),
    body: {
      required: true,
      content: { 'application/json': { schema: passkeyAnswerSchema, example: { outcome: 'refused' } } },
    },
  },
  responses: {
    202: status('On its way to WhatsApp.'),
    ...problemResponses(...ofBodies, ...ofTokens, 'passkey_request_gone', 'passkey_invalid'),
  },
});

export const compareCodeRoute = createRoute({
  method: 'post',
  path: '/api/whatsapp/comparison',
  operationId: 'compareLinkingCode',
  tags,
  summary: 'Say whether the phone shows the same code',
  description: 'While the state is `code_comparison`. A code that differs ends the attempt.',
  security: bearer,
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: codeComparisonRequestSchema, example: { code: 'K7QX-2MPD', matches: true } },
      },
    },
  },
  responses: {
    202: status('On its way to WhatsApp.'),
    ...problemResponses(...ofBodies, ...ofTokens, 'passkey_request_gone'),
  },
});

export const whatsAppRoutes = [
  getWhatsAppRoute,
  acceptLinkNoticeRoute,
  connectWhatsAppRoute,
  pairByCodeRoute,
  pairByQrRoute,
  disconnectWhatsAppRoute,
  answerPasskeyRoute,
  compareCodeRoute,
];

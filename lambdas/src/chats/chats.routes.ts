import { createRoute } from '@hono/zod-openapi';
import {
  chatSchema,
  chatsResponseSchema,
  idempotencyKeySchema,
  messageIdSchema,
  messagesResponseSchema,
  outgoingResponseSchema,
  outgoingSchema,
  rejoinChatRequestSchema,
  sendMessageRequestSchema,
  unmergeChatResponseSchema,
  updateChatRequestSchema,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';

const tags = ['Chats'];
const limit = z.coerce.number().int().min(1).max(100);

// A malformed id is as foreign as another user's: both have no chat.
const chatParams = z.object({ id: z.string().max(64) });

export const listChatsRoute = createRoute({
  method: 'get',
  path: '/api/chats',
  operationId: 'listChats',
  tags,
  summary: 'Chats, newest activity first',
  security: bearer,
  request: { query: z.object({ cursor: z.string().max(200).optional(), limit: limit.default(50) }) },
  responses: {
    200: { description: 'A page of chats.', content: { 'application/json': { schema: chatsResponseSchema } } },
    ...problemResponses(...ofTokens, 'invalid_request'),
  },
});

export const updateChatRoute = createRoute({
  method: 'patch',
  path: '/api/chats/{id}',
  operationId: 'updateChat',
  tags,
  summary: 'Switch the assistant of a chat, or mark the chat as read',
  security: bearer,
  request: {
    params: chatParams,
    body: {
      required: true,
      content: { 'application/json': { schema: updateChatRequestSchema, example: { assistantMode: 'suggest' } } },
    },
  },
  responses: {
    200: { description: 'The chat as it is now.', content: { 'application/json': { schema: chatSchema } } },
    ...problemResponses(...ofBodies, ...ofTokens, 'chat_not_found'),
  },
});

export const listMessagesRoute = createRoute({
  method: 'get',
  path: '/api/chats/{id}/messages',
  operationId: 'listMessages',
  tags,
  summary: 'Messages of a chat',
  description: 'The newest page, or the one before or after a message. Ascending.',
  security: bearer,
  request: {
    params: chatParams,
    query: z.object({
      before: messageIdSchema.optional(),
      after: messageIdSchema.optional(),
      limit: limit.default(50),
    }),
  },
  responses: {
    200: { description: 'A page of messages.', content: { 'application/json': { schema: messagesResponseSchema } } },
    ...problemResponses(...ofTokens, 'invalid_request', 'chat_not_found'),
  },
});

export const listOutgoingRoute = createRoute({
  method: 'get',
  path: '/api/outgoing',
  operationId: 'listOutgoing',
  tags,
  summary: 'Messages of all chats that failed, or may not have left',
  description: 'Those of the last 24 hours, oldest first. Of an `UNKNOWN` one only the phone can tell.',
  security: bearer,
  responses: {
    200: { description: 'Messages.', content: { 'application/json': { schema: outgoingResponseSchema } } },
    ...problemResponses(...ofTokens),
  },
});

export const sendMessageRoute = createRoute({
  method: 'post',
  path: '/api/chats/{id}/messages',
  operationId: 'sendMessage',
  tags,
  summary: 'Send a text',
  description:
    'Stored first, then sent by the session host. With an Idempotency-Key, a repetition within 24 hours sends nothing twice.',
  security: bearer,
  request: {
    params: chatParams,
    headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
    body: {
      required: true,
      content: { 'application/json': { schema: sendMessageRequestSchema, example: { text: 'Bom dia!' } } },
    },
  },
  responses: {
    202: { description: 'On its way.', content: { 'application/json': { schema: outgoingSchema } } },
    ...problemResponses(...ofBodies, ...ofTokens, 'chat_not_found', 'whatsapp_not_linked', 'idempotency_key_reused'),
  },
});

export const unmergeChatRoute = createRoute({
  method: 'delete',
  path: '/api/chats/{id}/merged/{mergedId}',
  operationId: 'unmergeChat',
  tags,
  summary: 'Take a merged chat out again',
  description:
    'With all messages that came or went under its ids, also since it was merged. The two are not merged again by themselves. A repetition changes nothing.',
  security: bearer,
  request: { params: chatParams.extend({ mergedId: z.string().max(64) }) },
  responses: {
    200: {
      description: 'Both chats: the one that stays, and the one that was taken out.',
      content: { 'application/json': { schema: unmergeChatResponseSchema } },
    },
    ...problemResponses(...ofTokens, 'chat_not_found'),
  },
});

export const rejoinChatRoute = createRoute({
  method: 'post',
  path: '/api/chats/{id}/merged',
  operationId: 'rejoinChat',
  tags,
  summary: 'Merge a chat that was taken out',
  description: 'Only chats that were taken apart before can be merged by hand.',
  security: bearer,
  request: {
    params: chatParams,
    body: { required: true, content: { 'application/json': { schema: rejoinChatRequestSchema } } },
  },
  responses: {
    200: { description: 'The whole.', content: { 'application/json': { schema: chatSchema } } },
    ...problemResponses(...ofBodies, ...ofTokens, 'chat_not_found', 'conflict'),
  },
});

export const chatRoutes = [
  listChatsRoute,
  updateChatRoute,
  listMessagesRoute,
  listOutgoingRoute,
  sendMessageRoute,
  rejoinChatRoute,
  unmergeChatRoute,
];

import { z } from 'zod';
import {
  chatSchema,
  chatsResponseSchema,
  idempotencyKeySchema,
  messagesResponseSchema,
  outgoingResponseSchema,
  outgoingSchema,
  rejoinChatRequestSchema,
  searchResponseSchema,
  sendMessageRequestSchema,
  unmergeChatResponseSchema,
  updateChatRequestSchema,
} from '../chats.ts';
import { chatIdSchema, messageIdSchema } from '../ids.ts';
import {
  acceptSuggestionRequestSchema,
  suggestionSchema,
  suggestionsResponseSchema,
  suggestionStateSchema,
} from '../suggestions.ts';
import type { RouteTable } from './route.ts';

const limitSchema = z.coerce.number<number | string>().int().min(1).max(100).default(50);

export const chatsRoutes = {
  'GET /api/chats': {
    access: 'jwt',
    query: z.object({ cursor: z.string().max(200).optional(), limit: limitSchema }),
    answers: { 200: chatsResponseSchema },
  },
  'PATCH /api/chats/{id}': { access: 'jwt', body: updateChatRequestSchema, answers: { 200: chatSchema } },
  'GET /api/chats/{id}/messages': {
    access: 'jwt',
    query: z.object({ before: messageIdSchema.optional(), after: messageIdSchema.optional(), limit: limitSchema }),
    answers: { 200: messagesResponseSchema },
  },
  'POST /api/chats/{id}/messages': {
    access: 'jwt',
    headers: z.object({ 'idempotency-key': idempotencyKeySchema.optional() }),
    body: sendMessageRequestSchema,
    answers: { 202: outgoingSchema },
  },
  'POST /api/chats/{id}/merged': { access: 'jwt', body: rejoinChatRequestSchema, answers: { 200: chatSchema } },
  'DELETE /api/chats/{id}/merged/{mergedId}': { access: 'jwt', answers: { 200: unmergeChatResponseSchema } },
  'GET /api/search': {
    access: 'jwt',
    query: z.object({
      text: z.string().min(1).max(200),
      chatId: chatIdSchema.optional(),
      before: messageIdSchema.optional(),
      limit: z.coerce.number<number | string>().int().min(1).max(50).default(20),
    }),
    answers: { 200: searchResponseSchema },
  },
  'GET /api/outgoing': { access: 'jwt', answers: { 200: outgoingResponseSchema } },
  'GET /api/suggestions': {
    access: 'jwt',
    query: z.object({ state: suggestionStateSchema.optional(), chatId: z.ulid().optional() }),
    answers: { 200: suggestionsResponseSchema },
  },
  'POST /api/suggestions/{id}/accept': {
    access: 'jwt',
    body: acceptSuggestionRequestSchema.optional(),
    answers: { 202: suggestionSchema },
  },
  'POST /api/suggestions/{id}/dismiss': { access: 'jwt', answers: { 200: suggestionSchema } },
} as const satisfies RouteTable;

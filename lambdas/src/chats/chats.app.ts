import type { Tenants } from '@top-active/aws';
import {
  chatIdSchema,
  chatSchema,
  chatsResponseSchema,
  messagesResponseSchema,
  outgoingResponseSchema,
  outgoingSchema,
  searchResponseSchema,
  suggestionIdSchema,
  unmergeChatResponseSchema,
  type ChatId,
  type SuggestionId,
} from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { createApp } from '../http/app.ts';
import type { HttpApp, HttpContext } from '../http/http-env.ts';
import { identityOf, type IdentityCheck } from '../http/identity.ts';
import { acceptSuggestion } from './accept-suggestion.ts';
import {
  listChatsRoute,
  listMessagesRoute,
  listOutgoingRoute,
  rejoinChatRoute,
  sendMessageRoute,
  unmergeChatRoute,
  updateChatRoute,
} from './chats.routes.ts';
import { searchRoute } from './search.routes.ts';
import { sendMessage } from './send-message.ts';
import { acceptSuggestionRoute, dismissSuggestionRoute, listSuggestionsRoute } from './suggestions.routes.ts';
import { updateChat } from './update-chat.ts';

export function createChatsApp({ tenants, verifyAccessToken }: IdentityCheck & { tenants: Tenants }): HttpApp {
  const app = createApp('chats', { verifyAccessToken, tenants });
  const tenantOf = (c: HttpContext) => tenants.for(identityOf(c).userId);

  app.openapi(listChatsRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(chatsResponseSchema.parse(await tenant.chats.page(c.req.valid('query'))), 200);
  });
  app.openapi(updateChatRoute, async (c) => {
    const input = { chatId: chatIdOf(c), change: c.req.valid('json') };
    return c.json(chatSchema.parse(await updateChat(input, await tenantOf(c))), 200);
  });
  app.openapi(listMessagesRoute, async (c) => {
    const chatId = chatIdOf(c);
    const tenant = await tenantOf(c);
    const page = await tenant.messages.page({ chatId, ...c.req.valid('query') });
    const outgoing = await tenant.commands.outgoingOf(...page.chatIds);
    return c.json(messagesResponseSchema.parse({ ...page, outgoing }), 200);
  });
  app.openapi(listOutgoingRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(outgoingResponseSchema.parse({ items: await tenant.commands.unsent() }), 200);
  });
  app.openapi(searchRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(searchResponseSchema.parse(await tenant.search.find(c.req.valid('query'))), 200);
  });
  app.openapi(sendMessageRoute, async (c) => {
    const { 'idempotency-key': idempotencyKey } = c.req.valid('header');
    const input = { chatId: chatIdOf(c), text: c.req.valid('json').text, idempotencyKey };
    return c.json(outgoingSchema.parse(await sendMessage(input, await tenantOf(c))), 202);
  });
  app.openapi(rejoinChatRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(chatSchema.parse(await tenant.chats.rejoin(chatIdOf(c), c.req.valid('json').chatId)), 200);
  });
  app.openapi(unmergeChatRoute, async (c) => {
    const tenant = await tenantOf(c);
    const items = await tenant.chats.unmerge(chatIdOf(c), chatIdOf(c, 'mergedId'));
    return c.json(unmergeChatResponseSchema.parse({ items }), 200);
  });
  app.openapi(listSuggestionsRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json({ items: await tenant.suggestions.list(c.req.valid('query')) }, 200);
  });
  app.openapi(acceptSuggestionRoute, async (c) => {
    const input = { id: suggestionIdOf(c), change: c.req.valid('json') ?? {} };
    return c.json(await acceptSuggestion(input, await tenantOf(c)), 202);
  });
  app.openapi(dismissSuggestionRoute, async (c) => {
    const tenant = await tenantOf(c);
    return c.json(await tenant.suggestions.dismiss(suggestionIdOf(c)), 200);
  });
  return app;
}

/** @throws {AppError} `chat_not_found` for what can't be an id, too */
function chatIdOf(c: HttpContext, parameter: 'id' | 'mergedId' = 'id'): ChatId {
  const id = chatIdSchema.safeParse(c.req.param(parameter));
  if (!id.success) throw new AppError('chat_not_found');
  return id.data;
}

/** @throws {AppError} `suggestion_not_found` for what can't be an id, too */
function suggestionIdOf(c: HttpContext): SuggestionId {
  const id = suggestionIdSchema.safeParse(c.req.param('id'));
  if (!id.success) throw new AppError('suggestion_not_found');
  return id.data;
}

import { chatsRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

const tags = ['Chats'];

export const listChatsRoute = describeRoute(chatsRoutes, 'GET /api/chats', {
  operationId: 'listChats',
  tags,
  summary: 'Chats, newest activity first',
  answers: { 200: 'A page of chats.' },
});

export const updateChatRoute = describeRoute(chatsRoutes, 'PATCH /api/chats/{id}', {
  operationId: 'updateChat',
  tags,
  summary: 'Switch the assistant of a chat, or mark the chat as read',
  example: { assistantMode: 'suggest' },
  answers: { 200: 'The chat as it is now.' },
  problems: ['chat_not_found'],
});

export const listMessagesRoute = describeRoute(chatsRoutes, 'GET /api/chats/{id}/messages', {
  operationId: 'listMessages',
  tags,
  summary: 'Messages of a chat',
  description: 'The newest page, or the one before or after a message. Ascending.',
  answers: { 200: 'A page of messages.' },
  problems: ['chat_not_found'],
});

export const listOutgoingRoute = describeRoute(chatsRoutes, 'GET /api/outgoing', {
  operationId: 'listOutgoing',
  tags,
  summary: 'Messages of all chats that failed, or may not have left',
  description: 'Those of the last 24 hours, oldest first. Of an `UNKNOWN` one only the phone can tell.',
  answers: { 200: 'Messages.' },
});

export const sendMessageRoute = describeRoute(chatsRoutes, 'POST /api/chats/{id}/messages', {
  operationId: 'sendMessage',
  tags,
  summary: 'Send a text',
  description:
    'Stored first, then sent by the session host. With an Idempotency-Key, a repetition within 24 hours sends nothing twice.',
  example: { text: 'Bom dia!' },
  answers: { 202: 'On its way.' },
  problems: ['chat_not_found', 'whatsapp_not_linked', 'idempotency_key_reused'],
});

export const unmergeChatRoute = describeRoute(chatsRoutes, 'DELETE /api/chats/{id}/merged/{mergedId}', {
  operationId: 'unmergeChat',
  tags,
  summary: 'Take a merged chat out again',
  description:
    'With all messages that came or went under its ids, also since it was merged. The two are not merged again by themselves. A repetition changes nothing.',
  answers: { 200: 'Both chats: the one that stays, and the one that was taken out.' },
  problems: ['chat_not_found'],
});

export const rejoinChatRoute = describeRoute(chatsRoutes, 'POST /api/chats/{id}/merged', {
  operationId: 'rejoinChat',
  tags,
  summary: 'Merge a chat that was taken out',
  description: 'Only chats that were taken apart before can be merged by hand.',
  answers: { 200: 'The whole.' },
  problems: ['chat_not_found', 'conflict'],
});

export const chatOperations = [
  listChatsRoute,
  updateChatRoute,
  listMessagesRoute,
  listOutgoingRoute,
  sendMessageRoute,
  rejoinChatRoute,
  unmergeChatRoute,
];

import { chatsRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

export const searchRoute = describeRoute(chatsRoutes, 'GET /api/search', {
  operationId: 'search',
  tags: ['Chats'],
  summary: 'Search all messages',
  description:
    'Messages that have every word of `text`, newest first: parts of words count, case and accents don’t. Looks through the whole history, of one chat or of all, including captions and names of files, places and contacts. `before` is the cursor `next` of the page before.',
  answers: { 200: 'A page of messages.' },
  problems: ['chat_not_found'],
});

export const searchOperations = [searchRoute];

import { chatsRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

const tags = ['Suggestions'];

export const listSuggestionsRoute = describeRoute(chatsRoutes, 'GET /api/suggestions', {
  operationId: 'listSuggestions',
  tags,
  summary: 'What the assistant proposes',
  description: 'Newest first, at most 100.',
  answers: { 200: 'Suggestions.' },
});

export const acceptSuggestionRoute = describeRoute(chatsRoutes, 'POST /api/suggestions/{id}/accept', {
  operationId: 'acceptSuggestion',
  tags,
  summary: 'Accept a suggestion, as it is or edited',
  description:
    'With an appointment it is booked first; only then the reply is sent. `appointment: null` books nothing.',
  example: {},
  answers: { 202: 'Accepted.' },
  problems: ['suggestion_not_found', 'suggestion_not_pending', 'whatsapp_not_linked', 'google_not_connected'],
});

export const dismissSuggestionRoute = describeRoute(chatsRoutes, 'POST /api/suggestions/{id}/dismiss', {
  operationId: 'dismissSuggestion',
  tags,
  summary: 'Dismiss a suggestion',
  answers: { 200: 'Dismissed.' },
  problems: ['suggestion_not_found', 'suggestion_not_pending'],
});

export const suggestionOperations = [listSuggestionsRoute, acceptSuggestionRoute, dismissSuggestionRoute];

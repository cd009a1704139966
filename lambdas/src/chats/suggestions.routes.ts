import { createRoute } from '@hono/zod-openapi';
import {
  acceptSuggestionRequestSchema,
  suggestionSchema,
  suggestionsResponseSchema,
  suggestionStateSchema,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';

const tags = ['Suggestions'];
const params = z.object({ id: z.string().max(64) });
const one = (description: string) => ({ description, content: { 'application/json': { schema: suggestionSchema } } });

export const listSuggestionsRoute = createRoute({
  method: 'get',
  path: '/api/suggestions',
  operationId: 'listSuggestions',
  tags,
  summary: 'What the assistant proposes',
  description: 'Newest first, at most 100.',
  security: bearer,
  request: { query: z.object({ state: suggestionStateSchema.optional(), chatId: z.ulid().optional() }) },
  responses: {
    200: { description: 'Suggestions.', content: { 'application/json': { schema: suggestionsResponseSchema } } },
    ...problemResponses(...ofTokens, 'invalid_request'),
  },
});

export const acceptSuggestionRoute = createRoute({
  method: 'post',
  path: '/api/suggestions/{id}/accept',
  operationId: 'acceptSuggestion',
  tags,
  summary: 'Accept a suggestion, as it is or edited',
  description:
    'With an appointment it is booked first; only then the reply is sent. `appointment: null` books nothing.',
  security: bearer,
  request: {
    params,
    body: { content: { 'application/json': { schema: acceptSuggestionRequestSchema, example: {} } } },
  },
  responses: {
    202: one('Accepted.'),
    ...problemResponses(
      ...ofBodies,
      ...ofTokens,
      'suggestion_not_found',
      'suggestion_not_pending',
      'whatsapp_not_linked',
      'google_not_connected',
    ),
  },
});

export const dismissSuggestionRoute = createRoute({
  method: 'post',
  path: '/api/suggestions/{id}/dismiss',
  operationId: 'dismissSuggestion',
  tags,
  summary: 'Dismiss a suggestion',
  security: bearer,
  request: { params },
  responses: {
    200: one('Dismissed.'),
    ...problemResponses(...ofTokens, 'suggestion_not_found', 'suggestion_not_pending'),
  },
});

export const suggestionRoutes = [listSuggestionsRoute, acceptSuggestionRoute, dismissSuggestionRoute];

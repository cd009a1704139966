import { createRoute } from '@hono/zod-openapi';
import { googleConnectResponseSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { bearer, ofTokens, problemResponses } from '../http/problem-responses.ts';

const tags = ['Google'];

export const connectGoogleRoute = createRoute({
  method: 'post',
  path: '/api/google/connect',
  operationId: 'connectGoogle',
  tags,
  summary: 'Begin to connect Google Calendar',
  description: 'The browser goes to `url`, where Google asks for consent, and comes back to `/?google=<outcome>`.',
  security: bearer,
  responses: {
    200: {
      description: "Address of Google's consent. A cookie binds the consent to this browser.",
      content: { 'application/json': { schema: googleConnectResponseSchema } },
    },
    ...problemResponses(...ofTokens),
  },
});

export const googleCallbackRoute = createRoute({
  method: 'get',
  path: '/api/google/callback',
  operationId: 'googleCallback',
  tags,
  summary: 'Where Google sends the browser back to',
  request: {
    query: z.object({ state: z.string().optional(), code: z.string().optional(), error: z.string().optional() }),
  },
  responses: {
    302: {
      description: 'To `/?google=<outcome>` of the app: `connected`, `denied`, `invalid_state` or `failed`.',
      headers: z.object({ location: z.url() }),
    },
    ...problemResponses('invalid_request'),
  },
});

export const disconnectGoogleRoute = createRoute({
  method: 'delete',
  path: '/api/google',
  operationId: 'disconnectGoogle',
  tags,
  summary: 'Disconnect Google Calendar',
  description: 'Forgets the tokens, and tells Google that they are no longer valid.',
  security: bearer,
  responses: { 204: { description: 'Nothing is stored any more.' }, ...problemResponses(...ofTokens) },
});

export const googleRoutes = [connectGoogleRoute, googleCallbackRoute, disconnectGoogleRoute];

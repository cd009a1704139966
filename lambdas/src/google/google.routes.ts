import { googleRoutes } from '@top-active/core/contracts';
import { z } from 'zod';
import { describeRoute } from '../http/describe-route.ts';

const tags = ['Google'];

export const connectGoogleRoute = describeRoute(googleRoutes, 'POST /api/google/connect', {
  operationId: 'connectGoogle',
  tags,
  summary: 'Begin to connect Google Calendar',
  description: 'The browser goes to `url`, where Google asks for consent, and comes back to `/?google=<outcome>`.',
  answers: { 200: "Address of Google's consent. A cookie binds the consent to this browser." },
});

export const googleCallbackRoute = describeRoute(googleRoutes, 'GET /api/google/callback', {
  operationId: 'googleCallback',
  tags,
  summary: 'Where Google sends the browser back to',
  answers: {
    302: {
      description: 'To `/?google=<outcome>` of the app: `connected`, `denied`, `invalid_state` or `failed`.',
      headers: z.object({ location: z.url() }),
    },
  },
});

export const disconnectGoogleRoute = describeRoute(googleRoutes, 'DELETE /api/google', {
  operationId: 'disconnectGoogle',
  tags,
  summary: 'Disconnect Google Calendar',
  description: 'Forgets the tokens, and tells Google that they are no longer valid.',
  answers: { 204: 'Nothing is stored any more.' },
});

export const googleOperations = [connectGoogleRoute, googleCallbackRoute, disconnectGoogleRoute];

import { createRoute } from '@hono/zod-openapi';
import {
  authenticatorKeySchema,
  beginSecondFactorRequestSchema,
  confirmSecondFactorRequestSchema,
  endSecondFactorRequestSchema,
  secondFactorSchema,
} from '@top-active/core/contracts';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';

const path = '/api/me/second-factor';
const tags = ['Account'];
const security = bearer;

export const getSecondFactorRoute = createRoute({
  method: 'get',
  path,
  operationId: 'getSecondFactor',
  tags,
  summary: 'Whether a code is asked for at the login',
  security,
  responses: {
    200: { description: 'Whether it is on.', content: { 'application/json': { schema: secondFactorSchema } } },
    ...problemResponses(...ofTokens, 'session_expired', 'too_many_attempts'),
  },
});

export const beginSecondFactorRoute = createRoute({
  method: 'post',
  path,
  operationId: 'beginSecondFactor',
  tags,
  summary: 'Get a secret for an authenticator app',
  description: 'Nothing is asked for at the login before the secret is confirmed with a code of the app.',
  security,
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: beginSecondFactorRequestSchema, example: { password: 'long-enough-2026' } },
      },
    },
  },
  responses: {
    201: {
      description: 'The secret, shown this once.',
      content: { 'application/json': { schema: authenticatorKeySchema } },
    },
    ...problemResponses(
      ...ofBodies,
      ...ofTokens,
      'session_expired',
      'not_found',
      'invalid_credentials',
      'conflict',
      'too_many_attempts',
    ),
  },
});

export const confirmSecondFactorRoute = createRoute({
  method: 'post',
  path: `${path}/confirm`,
  operationId: 'confirmSecondFactor',
  tags,
  summary: 'Switch the second factor on',
  description: 'With the first code of the app. From the next login on a code is asked for.',
  security,
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: confirmSecondFactorRequestSchema, example: { code: '123456' } } },
    },
  },
  responses: {
    204: { description: 'On.' },
    ...problemResponses(...ofBodies, ...ofTokens, 'session_expired', 'invalid_code', 'too_many_attempts'),
  },
});

export const endSecondFactorRoute = createRoute({
  method: 'delete',
  path,
  operationId: 'endSecondFactor',
  tags,
  summary: 'Switch the second factor off',
  description: 'Takes both factors, as a login does. Where it is off already, the password is enough.',
  security,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: endSecondFactorRequestSchema,
          example: { password: 'long-enough-2026', code: '123456' },
        },
      },
    },
  },
  responses: {
    204: { description: 'Off.' },
    ...problemResponses(
      ...ofBodies,
      ...ofTokens,
      'session_expired',
      'not_found',
      'invalid_credentials',
      'invalid_code',
      'expired_code',
      'too_many_attempts',
    ),
  },
});

export const secondFactorRoutes = [
  getSecondFactorRoute,
  beginSecondFactorRoute,
  confirmSecondFactorRoute,
  endSecondFactorRoute,
];

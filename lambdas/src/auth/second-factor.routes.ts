import { authRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

const tags = ['Account'];

export const getSecondFactorRoute = describeRoute(authRoutes, 'GET /api/me/second-factor', {
  operationId: 'getSecondFactor',
  tags,
  summary: 'Whether a code is asked for at the login',
  answers: { 200: 'Whether it is on.' },
  problems: ['session_expired', 'not_found', 'too_many_attempts'],
});

export const beginSecondFactorRoute = describeRoute(authRoutes, 'POST /api/me/second-factor', {
  operationId: 'beginSecondFactor',
  tags,
  summary: 'Get a secret for an authenticator app',
  description: 'Nothing is asked for at the login before the secret is confirmed with a code of the app.',
  example: { password: 'long-enough-2026' },
  answers: { 201: 'The secret, shown this once.' },
  problems: ['session_expired', 'not_found', 'invalid_credentials', 'conflict', 'too_many_attempts'],
});

export const confirmSecondFactorRoute = describeRoute(authRoutes, 'POST /api/me/second-factor/confirm', {
  operationId: 'confirmSecondFactor',
  tags,
  summary: 'Switch the second factor on',
  description: 'With the password and the first code of the app. From the next login on a code is asked for.',
  example: { password: 'long-enough-2026', code: '123456' },
  answers: { 204: 'On.' },
  problems: ['session_expired', 'not_found', 'invalid_credentials', 'invalid_code', 'conflict', 'too_many_attempts'],
});

export const endSecondFactorRoute = describeRoute(authRoutes, 'DELETE /api/me/second-factor', {
  operationId: 'endSecondFactor',
  tags,
  summary: 'Switch the second factor off',
  description: 'Takes both factors, as a login does. Where it is off already, the password is enough.',
  example: { password: 'long-enough-2026', code: '123456' },
  answers: { 204: 'Off.' },
  problems: [
    'session_expired',
    'not_found',
    'invalid_credentials',
    'invalid_code',
    'expired_code',
    'too_many_attempts',
  ],
});

export const secondFactorOperations = [
  getSecondFactorRoute,
  beginSecondFactorRoute,
  confirmSecondFactorRoute,
  endSecondFactorRoute,
];

import { createRoute } from '@hono/zod-openapi';
import {
  confirmRequestSchema,
  eraseMeRequestSchema,
  erasureSchema,
  forgotPasswordRequestSchema,
  forgotPasswordResponseSchema,
  loginCodeRequestSchema,
  loginRequestSchema,
  registerRequestSchema,
  registerResponseSchema,
  resetPasswordRequestSchema,
  secondFactorWantedSchema,
  tokenResponseSchema,
} from '@top-active/core/contracts';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';
import { secondFactorRoutes } from './second-factor.routes.ts';

const tags = ['Account'];

export const registerRoute = createRoute({
  method: 'post',
  path: '/api/auth/register',
  operationId: 'register',
  tags,
  summary: 'Register',
  description:
    'Sends a code to the e-mail address. The answer is the same whether the address is new or has an account already.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: registerRequestSchema,
          example: { email: 'ana@example.com', password: 'long-enough-2026', name: 'Ana Souza', locale: 'pt-BR' },
        },
      },
    },
  },
  responses: {
    202: {
      description: 'A code is on its way, if the address can have an account.',
      content: { 'application/json': { schema: registerResponseSchema } },
    },
    ...problemResponses(...ofBodies, 'weak_password', 'forbidden_origin', 'too_many_attempts'),
  },
});

export const confirmRoute = createRoute({
  method: 'post',
  path: '/api/auth/confirm',
  operationId: 'confirm',
  tags,
  summary: 'Confirm the e-mail address, and log in',
  description: 'The code counts only together with the `session` of the same registration.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: confirmRequestSchema,
          example: { email: 'ana@example.com', code: '123456', session: 'as answered by register' },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Logged in. The refresh token is in an HttpOnly cookie.',
      content: { 'application/json': { schema: tokenResponseSchema } },
    },
    ...problemResponses(
      ...ofBodies,
      'invalid_code',
      'expired_code',
      'session_expired',
      'forbidden_origin',
      'too_many_attempts',
    ),
  },
});

export const loginRoute = createRoute({
  method: 'post',
  path: '/api/auth/login',
  operationId: 'login',
  tags,
  summary: 'Log in',
  description: 'Where a second factor is on, the answer is 202, and a code of the authenticator app is still wanted.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: loginRequestSchema,
          example: { email: 'ana@example.com', password: 'long-enough-2026' },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Logged in. The refresh token is in an HttpOnly cookie.',
      content: { 'application/json': { schema: tokenResponseSchema } },
    },
    202: {
      description: 'The password is right. The login is complete with a code and this `session`.',
      content: { 'application/json': { schema: secondFactorWantedSchema } },
    },
    ...problemResponses(
      ...ofBodies,
      'invalid_credentials',
      'account_not_confirmed',
      'forbidden_origin',
      'too_many_attempts',
    ),
  },
});

export const loginCodeRoute = createRoute({
  method: 'post',
  path: '/api/auth/login/code',
  operationId: 'loginWithCode',
  tags,
  summary: 'Complete a login with a code of the authenticator app',
  description: 'The code counts only together with the `session` of the same login, five times at most.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: loginCodeRequestSchema,
          example: { email: 'ana@example.com', code: '123456', session: 'as answered by login' },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Logged in. The refresh token is in an HttpOnly cookie.',
      content: { 'application/json': { schema: tokenResponseSchema } },
    },
    ...problemResponses(...ofBodies, 'invalid_code', 'expired_code', 'forbidden_origin', 'too_many_attempts'),
  },
});

export const forgotPasswordRoute = createRoute({
  method: 'post',
  path: '/api/auth/forgot-password',
  operationId: 'forgotPassword',
  tags,
  summary: 'Ask for a code for a new password',
  description: 'The answer is the same, after the same time, whether the address has an account or not.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: forgotPasswordRequestSchema, example: { email: 'ana@example.com' } },
      },
    },
  },
  responses: {
    202: {
      description: 'A code is on its way, if the address has an account.',
      content: { 'application/json': { schema: forgotPasswordResponseSchema } },
    },
    ...problemResponses(...ofBodies, 'forbidden_origin', 'too_many_attempts'),
  },
});

export const resetPasswordRoute = createRoute({
  method: 'post',
  path: '/api/auth/reset-password',
  operationId: 'resetPassword',
  tags,
  summary: 'Set a new password with the code',
  description:
    'The code counts only together with the `session` of the same browser. Every login of the account ends, on every device; nobody is logged in by it.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: resetPasswordRequestSchema,
          example: {
            email: 'ana@example.com',
            code: '123456',
            session: 'as answered by forgot-password',
            password: 'another-long-one-2026',
          },
        },
      },
    },
  },
  responses: {
    204: { description: 'Changed. Log in with the new password.' },
    ...problemResponses(
      ...ofBodies,
      'invalid_code',
      'expired_code',
      'weak_password',
      'forbidden_origin',
      'too_many_attempts',
    ),
  },
});

export const refreshRoute = createRoute({
  method: 'post',
  path: '/api/auth/refresh',
  operationId: 'refresh',
  tags,
  summary: 'Get a new access token',
  description: 'Acts on the cookie, which is replaced. The Origin header must be that of the app.',
  responses: {
    200: { description: 'A new access token.', content: { 'application/json': { schema: tokenResponseSchema } } },
    ...problemResponses('session_expired', 'forbidden_origin', 'too_many_attempts'),
  },
});

export const logoutRoute = createRoute({
  method: 'post',
  path: '/api/auth/logout',
  operationId: 'logout',
  tags,
  summary: 'Log out',
  description: 'Ends this login on every tab and cuts off its WebSockets. The Origin header must be that of the app.',
  responses: { 204: { description: 'Logged out, or there was no login.' }, ...problemResponses('forbidden_origin') },
});

export const eraseMeRoute = createRoute({
  method: 'delete',
  path: '/api/me',
  operationId: 'eraseMe',
  tags,
  summary: 'Erase the account',
  description:
    'Begins the erasure of everything, for good: nobody can log in any more, WhatsApp is unlinked, the consent at Google is revoked, and all stored data is deleted within minutes. Asked for again, it answers the same.',
  security: bearer,
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: eraseMeRequestSchema, example: { password: 'long-enough-2026' } } },
    },
  },
  responses: {
    202: { description: 'Begun.', content: { 'application/json': { schema: erasureSchema } } },
    ...problemResponses(...ofBodies, ...ofTokens, 'not_found', 'invalid_credentials', 'too_many_attempts'),
  },
});

export const authRoutes = [
  registerRoute,
  confirmRoute,
  loginRoute,
  loginCodeRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  refreshRoute,
  logoutRoute,
  eraseMeRoute,
  ...secondFactorRoutes,
];

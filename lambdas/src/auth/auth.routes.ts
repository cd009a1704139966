import { authRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';
import { secondFactorOperations } from './second-factor.routes.ts';

const tags = ['Account'];

export const registerRoute = describeRoute(authRoutes, 'POST /api/auth/register', {
  operationId: 'register',
  tags,
  summary: 'Register',
  description:
    'Sends a code to the e-mail address. The answer is the same whether the address is new or has an account already.',
  example: { email: 'ana@example.com', password: 'long-enough-2026', name: 'Ana Souza', locale: 'pt-BR' },
  answers: { 202: 'A code is on its way, if the address can have an account.' },
  problems: ['weak_password', 'forbidden_origin', 'too_many_attempts', 'mail_unavailable'],
});

export const confirmRoute = describeRoute(authRoutes, 'POST /api/auth/confirm', {
  operationId: 'confirm',
  tags,
  summary: 'Confirm the e-mail address, and log in',
  description: 'The code counts only together with the `session` of the same registration.',
  example: { email: 'ana@example.com', code: '123456', session: 'as answered by register' },
  answers: { 200: 'Logged in. The refresh token is in an HttpOnly cookie.' },
  problems: ['invalid_code', 'expired_code', 'account_exists', 'forbidden_origin', 'too_many_attempts'],
});

export const loginRoute = describeRoute(authRoutes, 'POST /api/auth/login', {
  operationId: 'login',
  tags,
  summary: 'Log in',
  description: 'Where a second factor is on, the answer is 202, and a code of the authenticator app is still wanted.',
  example: { email: 'ana@example.com', password: 'long-enough-2026' },
  answers: {
    200: 'Logged in. The refresh token is in an HttpOnly cookie.',
    202: 'The password is right. The login is complete with a code and this `session`.',
  },
  problems: ['invalid_credentials', 'account_locked', 'forbidden_origin', 'too_many_attempts'],
});

export const loginCodeRoute = describeRoute(authRoutes, 'POST /api/auth/login/code', {
  operationId: 'loginWithCode',
  tags,
  summary: 'Complete a login with a code of the authenticator app',
  description: 'The code counts only together with the `session` of the same login, five times at most.',
  example: { email: 'ana@example.com', code: '123456', session: 'as answered by login' },
  answers: { 200: 'Logged in. The refresh token is in an HttpOnly cookie.' },
  problems: ['invalid_code', 'expired_code', 'forbidden_origin', 'too_many_attempts'],
});

export const forgotPasswordRoute = describeRoute(authRoutes, 'POST /api/auth/forgot-password', {
  operationId: 'forgotPassword',
  tags,
  summary: 'Ask for a code for a new password',
  description: 'The answer is the same, after the same time, whether the address has an account or not.',
  example: { email: 'ana@example.com' },
  answers: { 202: 'A code is on its way, if the address has an account.' },
  problems: ['forbidden_origin', 'too_many_attempts', 'mail_unavailable'],
});

export const resetPasswordRoute = describeRoute(authRoutes, 'POST /api/auth/reset-password', {
  operationId: 'resetPassword',
  tags,
  summary: 'Set a new password with the code',
  description:
    'The code counts only together with the `session` of the same browser. Every login of the account ends, on every device; nobody is logged in by it.',
  example: {
    email: 'ana@example.com',
    code: '123456',
    session: 'as answered by forgot-password',
    password: 'another-long-one-2026',
  },
  answers: { 204: 'Changed. Log in with the new password.' },
  problems: ['invalid_code', 'expired_code', 'weak_password', 'forbidden_origin', 'too_many_attempts'],
});

export const refreshRoute = describeRoute(authRoutes, 'POST /api/auth/refresh', {
  operationId: 'refresh',
  tags,
  summary: 'Get a new access token',
  description: 'Acts on the cookie, which is replaced. The Origin header must be that of the app.',
  answers: { 200: 'A new access token.' },
  problems: ['session_expired', 'forbidden_origin', 'too_many_attempts'],
});

export const logoutRoute = describeRoute(authRoutes, 'POST /api/auth/logout', {
  operationId: 'logout',
  tags,
  summary: 'Log out',
  description: 'Ends this login on every tab and cuts off its WebSockets. The Origin header must be that of the app.',
  answers: { 204: 'Logged out, or there was no login.' },
  problems: ['forbidden_origin'],
});

export const eraseMeRoute = describeRoute(authRoutes, 'DELETE /api/me', {
  operationId: 'eraseMe',
  tags,
  summary: 'Erase the account',
  description:
    'Begins the erasure of everything, for good: nobody can log in any more, WhatsApp is unlinked, the consent at Google is revoked, and all stored data is deleted within minutes. It ends every login: who asks again with the same one gets 401.',
  example: { password: 'long-enough-2026' },
  answers: { 202: 'Begun.' },
  problems: ['not_found', 'invalid_credentials', 'too_many_attempts'],
});

export const authOperations = [
  registerRoute,
  confirmRoute,
  loginRoute,
  loginCodeRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  refreshRoute,
  logoutRoute,
  eraseMeRoute,
  ...secondFactorOperations,
];

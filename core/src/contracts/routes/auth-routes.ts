import {
  confirmRequestSchema,
  forgotPasswordRequestSchema,
  forgotPasswordResponseSchema,
  loginCodeRequestSchema,
  loginRequestSchema,
  registerRequestSchema,
  registerResponseSchema,
  resetPasswordRequestSchema,
  secondFactorWantedSchema,
  tokenResponseSchema,
} from '../auth.ts';
import { eraseMeRequestSchema, erasureSchema } from '../me.ts';
import {
  authenticatorKeySchema,
  beginSecondFactorRequestSchema,
  confirmSecondFactorRequestSchema,
  endSecondFactorRequestSchema,
  secondFactorSchema,
} from '../second-factor.ts';
import type { RouteTable } from './route.ts';

export const authRoutes = {
  'POST /api/auth/register': { access: 'none', body: registerRequestSchema, answers: { 202: registerResponseSchema } },
  'POST /api/auth/confirm': { access: 'none', body: confirmRequestSchema, answers: { 200: tokenResponseSchema } },
  'POST /api/auth/login': {
    access: 'none',
    body: loginRequestSchema,
    answers: { 200: tokenResponseSchema, 202: secondFactorWantedSchema },
  },
  'POST /api/auth/login/code': { access: 'none', body: loginCodeRequestSchema, answers: { 200: tokenResponseSchema } },
  'POST /api/auth/forgot-password': {
    access: 'none',
    body: forgotPasswordRequestSchema,
    answers: { 202: forgotPasswordResponseSchema },
  },
  'POST /api/auth/reset-password': { access: 'none', body: resetPasswordRequestSchema, answers: { 204: null } },
  'POST /api/auth/refresh': { access: 'none', answers: { 200: tokenResponseSchema } },
  'POST /api/auth/logout': { access: 'none', answers: { 204: null } },
  'DELETE /api/me': { access: 'jwt', body: eraseMeRequestSchema, answers: { 202: erasureSchema } },
  'GET /api/me/second-factor': { access: 'jwt', answers: { 200: secondFactorSchema } },
  'POST /api/me/second-factor': {
    access: 'jwt',
    body: beginSecondFactorRequestSchema,
    answers: { 201: authenticatorKeySchema },
  },
  'DELETE /api/me/second-factor': { access: 'jwt', body: endSecondFactorRequestSchema, answers: { 204: null } },
  'POST /api/me/second-factor/confirm': {
    access: 'jwt',
    body: confirmSecondFactorRequestSchema,
    answers: { 204: null },
  },
} as const satisfies RouteTable;

import { z } from 'zod';
import { googleConnectResponseSchema } from '../credentials.ts';
import type { RouteTable } from './route.ts';

export const googleRoutes = {
  'POST /api/google/connect': { access: 'jwt', answers: { 200: googleConnectResponseSchema } },
  'GET /api/google/callback': {
    access: 'none',
    query: z.object({ state: z.string().optional(), code: z.string().optional(), error: z.string().optional() }),
    answers: { 302: null },
  },
  'DELETE /api/google': { access: 'jwt', answers: { 204: null } },
} as const satisfies RouteTable;

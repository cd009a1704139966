import {
  takeShardsRequestSchema,
  takeShardsResponseSchema,
  tenantSessionRequestSchema,
  tenantSessionSchema,
} from '../host-access.ts';
import type { RouteTable } from './route.ts';

/** For session hosts only. Never reachable from a browser. */
export const hostAccessRoutes = {
  'POST /internal/tenant-sessions': {
    access: 'iam',
    body: tenantSessionRequestSchema,
    answers: { 200: tenantSessionSchema },
  },
  'POST /internal/shards': { access: 'iam', body: takeShardsRequestSchema, answers: { 200: takeShardsResponseSchema } },
} as const satisfies RouteTable;

import { z } from 'zod';
import { eventsResponseSchema, realtimeTicketResponseSchema } from '../events.ts';
import { healthResponseSchema } from '../health.ts';
import { meSchema, updateMeRequestSchema } from '../me.ts';
import type { RouteTable } from './route.ts';

export const accountRoutes = {
  'GET /api/me': { access: 'jwt', answers: { 200: meSchema } },
  'PATCH /api/me': { access: 'jwt', body: updateMeRequestSchema, answers: { 200: meSchema } },
  'GET /api/events': {
    access: 'jwt',
    query: z.object({ after: z.coerce.number<number | string>().int().min(0).max(999_999_999_999).default(0) }),
    answers: { 200: eventsResponseSchema },
  },
  'POST /api/realtime/ticket': { access: 'jwt', answers: { 201: realtimeTicketResponseSchema } },
  'GET /api/health': { access: 'none', answers: { 200: healthResponseSchema } },
  'GET /api/openapi.json': { access: 'none', answers: { 200: z.looseObject({ openapi: z.string() }) } },
} as const satisfies RouteTable;

import { createRoute } from '@hono/zod-openapi';
import {
  eventsResponseSchema,
  healthResponseSchema,
  meSchema,
  realtimeTicketResponseSchema,
  updateMeRequestSchema,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';

export const getMeRoute = createRoute({
  method: 'get',
  path: '/api/me',
  operationId: 'getMe',
  tags: ['Account'],
  summary: 'Read the profile',
  security: bearer,
  responses: {
    200: { description: 'The profile.', content: { 'application/json': { schema: meSchema } } },
    ...problemResponses(...ofTokens, 'not_found'),
  },
});

export const updateMeRoute = createRoute({
  method: 'patch',
  path: '/api/me',
  operationId: 'updateMe',
  tags: ['Account'],
  summary: 'Change the profile',
  description: 'Fields that are absent stay as they are.',
  security: bearer,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: updateMeRequestSchema,
          example: { timeZone: 'America/Sao_Paulo', appointmentMinutes: 50, about: 'Terapia, R$ 180 por sessão.' },
        },
      },
    },
  },
  responses: {
    200: { description: 'The profile as it is now.', content: { 'application/json': { schema: meSchema } } },
    ...problemResponses(...ofBodies, ...ofTokens, 'not_found', 'conflict'),
  },
});

export const getEventsRoute = createRoute({
  method: 'get',
  path: '/api/events',
  operationId: 'getEvents',
  tags: ['Realtime'],
  summary: 'Read the event log',
  description: 'Everything that changed after event number `after`, in order and without gaps; at most 500 at a time.',
  security: bearer,
  request: { query: z.object({ after: z.coerce.number().int().min(0).max(999_999_999_999).default(0) }) },
  responses: {
    200: { description: 'Events.', content: { 'application/json': { schema: eventsResponseSchema } } },
    ...problemResponses(...ofTokens, 'invalid_request'),
  },
});

export const createTicketRoute = createRoute({
  method: 'post',
  path: '/api/realtime/ticket',
  operationId: 'createRealtimeTicket',
  tags: ['Realtime'],
  summary: 'Get a ticket for a WebSocket',
  description: 'Good for one connect within 30 seconds: `new WebSocket(url, ["top-active.v1", ticket])`.',
  security: bearer,
  responses: {
    201: { description: 'A ticket.', content: { 'application/json': { schema: realtimeTicketResponseSchema } } },
    ...problemResponses(...ofTokens),
  },
});

export const getHealthRoute = createRoute({
  method: 'get',
  path: '/api/health',
  operationId: 'getHealth',
  tags: ['Service'],
  summary: 'Whether the API answers',
  responses: {
    200: { description: 'It does.', content: { 'application/json': { schema: healthResponseSchema } } },
    ...problemResponses(),
  },
});

export const getOpenApiRoute = createRoute({
  method: 'get',
  path: '/api/openapi.json',
  operationId: 'getOpenApi',
  tags: ['Service'],
  summary: 'This document',
  responses: {
    200: {
      description: 'OpenAPI 3.1.',
      content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
    },
    ...problemResponses(),
  },
});

export const accountRoutes = [
  getMeRoute,
  updateMeRoute,
  getEventsRoute,
  createTicketRoute,
  getHealthRoute,
  getOpenApiRoute,
];

import { accountRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

export const getMeRoute = describeRoute(accountRoutes, 'GET /api/me', {
  operationId: 'getMe',
  tags: ['Account'],
  summary: 'Read the profile',
  answers: { 200: 'The profile.' },
  problems: ['not_found'],
});

export const updateMeRoute = describeRoute(accountRoutes, 'PATCH /api/me', {
  operationId: 'updateMe',
  tags: ['Account'],
  summary: 'Change the profile',
  description: 'Fields that are absent stay as they are.',
  example: { timeZone: 'America/Sao_Paulo', appointmentMinutes: 50, about: 'Terapia, R$ 180 por sessão.' },
  answers: { 200: 'The profile as it is now.' },
  problems: ['not_found', 'conflict'],
});

export const getEventsRoute = describeRoute(accountRoutes, 'GET /api/events', {
  operationId: 'getEvents',
  tags: ['Realtime'],
  summary: 'Read the event log',
  description: 'Everything that changed after event number `after`, in order and without gaps; at most 500 at a time.',
  answers: { 200: 'Events.' },
});

export const createTicketRoute = describeRoute(accountRoutes, 'POST /api/realtime/ticket', {
  operationId: 'createRealtimeTicket',
  tags: ['Realtime'],
  summary: 'Get a ticket for a WebSocket',
  description: 'Good for one connect within 30 seconds: `new WebSocket(url, ["top-active.v1", ticket])`.',
  answers: { 201: 'A ticket.' },
});

export const getHealthRoute = describeRoute(accountRoutes, 'GET /api/health', {
  operationId: 'getHealth',
  tags: ['Service'],
  summary: 'Whether the API answers',
  answers: { 200: 'It does.' },
});

export const getOpenApiRoute = describeRoute(accountRoutes, 'GET /api/openapi.json', {
  operationId: 'getOpenApi',
  tags: ['Service'],
  summary: 'This document',
  answers: { 200: 'OpenAPI 3.1.' },
});

export const accountOperations = [
  getMeRoute,
  updateMeRoute,
  getEventsRoute,
  createTicketRoute,
  getHealthRoute,
  getOpenApiRoute,
];

import { credentialSchema, credentialsResponseSchema, putOpenAiKeyRequestSchema } from '../credentials.ts';
import type { RouteTable } from './route.ts';

export const credentialsRoutes = {
  'GET /api/credentials': { access: 'jwt', answers: { 200: credentialsResponseSchema } },
  'PUT /api/credentials/openai': {
    access: 'jwt',
    body: putOpenAiKeyRequestSchema,
    answers: { 200: credentialSchema },
  },
  'DELETE /api/credentials/openai': { access: 'jwt', answers: { 204: null } },
} as const satisfies RouteTable;

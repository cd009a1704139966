import { createRoute } from '@hono/zod-openapi';
import {
  shardsPath,
  takeShardsRequestSchema,
  takeShardsResponseSchema,
  tenantSessionPath,
  tenantSessionRequestSchema,
  tenantSessionSchema,
} from '@top-active/core/contracts';
import { ofBodies, problemResponses } from '../http/problem-responses.ts';

// For session hosts only: no part of the OpenAPI document.

export const openTenantSessionRoute = createRoute({
  method: 'post',
  path: tenantSessionPath,
  summary: 'Credentials for one user of a shard that the caller holds',
  request: { body: { required: true, content: { 'application/json': { schema: tenantSessionRequestSchema } } } },
  responses: {
    200: { description: 'Good for 15 minutes.', content: { 'application/json': { schema: tenantSessionSchema } } },
    ...problemResponses(...ofBodies, 'host_refused'),
  },
});

export const takeShardsRoute = createRoute({
  method: 'post',
  path: shardsPath,
  summary: 'Take shards that are free, or whose holder is silent',
  request: { body: { required: true, content: { 'application/json': { schema: takeShardsRequestSchema } } } },
  responses: {
    200: { description: 'Those it got.', content: { 'application/json': { schema: takeShardsResponseSchema } } },
    ...problemResponses(...ofBodies, 'host_refused'),
  },
});

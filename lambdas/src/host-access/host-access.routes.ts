import { hostAccessRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

// For session hosts only: no part of the OpenAPI document.

export const openTenantSessionRoute = describeRoute(hostAccessRoutes, 'POST /internal/tenant-sessions', {
  summary: 'Credentials for one user of a shard that the caller holds',
  answers: { 200: 'Good for 15 minutes.' },
});

export const takeShardsRoute = describeRoute(hostAccessRoutes, 'POST /internal/shards', {
  summary: 'Take shards that are free, or whose holder is silent',
  answers: { 200: 'Those it got.' },
});

import { describe, expect, it } from 'vitest';
import { functions } from '../functions.ts';
import { createOpenApiDocument } from './openapi.ts';

const document = createOpenApiDocument({ origin: 'https://app.example.com', version: '0.1.0' });
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
    const operation = item[method];
    return operation ? [{ route: `${method.toUpperCase()} ${path}`, operation }] : [];
  }),
);
const routes = functions
  .flatMap(({ trigger }) => (trigger.kind === 'http' ? trigger.routes : []))
  // The document is for people with a browser; routes for session hosts are no part of it.
  .filter(({ method, authorizer }) => method !== 'ANY' && authorizer !== 'iam');

describe('the OpenAPI document', () => {
  it('describes every route of every function, and no other', () => {
    expect(operations.map(({ route }) => route).toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  it('asks for a token exactly where API Gateway does', () => {
    const open = routes
      .filter(({ authorizer }) => authorizer === 'none')
      .map(({ method, path }) => `${method} ${path}`);
    expect(
      operations
        .filter(({ operation }) => !operation.security)
        .map(({ route }) => route)
        .toSorted(),
    ).toEqual(open.toSorted());
  });

  it('gives every operation a name of its own, a summary, and its refusals as problems', () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { operation } of operations) {
      expect(operation.summary).toBeTruthy();
      expect(operation.responses?.['500']).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
    }
  });
});

import { createRoute } from '@hono/zod-openapi';
import { credentialSchema, credentialsResponseSchema, putOpenAiKeyRequestSchema } from '@top-active/core/contracts';
import { bearer, ofBodies, ofTokens, problemResponses } from '../http/problem-responses.ts';

const tags = ['Credentials'];

export const listCredentialsRoute = createRoute({
  method: 'get',
  path: '/api/credentials',
  operationId: 'listCredentials',
  tags,
  summary: 'What is stored for OpenAI and Google',
  description: 'Never the secrets: who they are of, since when, and whether they work.',
  security: bearer,
  responses: {
    200: {
      description: 'One entry per connected provider.',
      content: { 'application/json': { schema: credentialsResponseSchema } },
    },
    ...problemResponses(...ofTokens),
  },
});

export const putOpenAiKeyRoute = createRoute({
  method: 'put',
  path: '/api/credentials/openai',
  operationId: 'putOpenAiKey',
  tags,
  summary: 'Store the OpenAI key',
  description:
    'OpenAI is asked for the model in use with it, which costs nothing; only a key that OpenAI knows is stored, encrypted, in place of the former. `problem` says what keeps it from being of use yet.',
  security: bearer,
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: putOpenAiKeyRequestSchema, example: { key: 'sk-proj-0123456789abcdefghij' } },
      },
    },
  },
  responses: {
    200: { description: 'Stored.', content: { 'application/json': { schema: credentialSchema } } },
    ...problemResponses(
      ...ofBodies,
      ...ofTokens,
      'openai_key_invalid',
      'openai_key_elsewhere',
      'openai_region_refused',
      'openai_key_unusable',
      'openai_unreachable',
      'too_many_attempts',
    ),
  },
});

export const deleteOpenAiKeyRoute = createRoute({
  method: 'delete',
  path: '/api/credentials/openai',
  operationId: 'deleteOpenAiKey',
  tags,
  summary: 'Forget the OpenAI key',
  security: bearer,
  responses: { 204: { description: 'Nothing is stored any more.' }, ...problemResponses(...ofTokens) },
});

export const credentialsRoutes = [listCredentialsRoute, putOpenAiKeyRoute, deleteOpenAiKeyRoute];

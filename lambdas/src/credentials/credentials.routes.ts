import { credentialsRoutes } from '@top-active/core/contracts';
import { describeRoute } from '../http/describe-route.ts';

const tags = ['Credentials'];

export const listCredentialsRoute = describeRoute(credentialsRoutes, 'GET /api/credentials', {
  operationId: 'listCredentials',
  tags,
  summary: 'What is stored for OpenAI and Google',
  description: 'Never the secrets: who they are of, since when, and whether they work.',
  answers: { 200: 'One entry per connected provider.' },
});

export const putOpenAiKeyRoute = describeRoute(credentialsRoutes, 'PUT /api/credentials/openai', {
  operationId: 'putOpenAiKey',
  tags,
  summary: 'Store the OpenAI key',
  description:
    'OpenAI is asked for the model in use with it, which costs nothing; only a key that OpenAI knows is stored, encrypted, in place of the former. `problem` says what keeps it from being of use yet.',
  example: { key: 'sk-proj-0123456789abcdefghij' },
  answers: { 200: 'Stored.' },
  problems: [
    'openai_key_invalid',
    'openai_key_elsewhere',
    'openai_region_refused',
    'openai_key_unusable',
    'openai_unreachable',
    'too_many_attempts',
  ],
});

export const deleteOpenAiKeyRoute = describeRoute(credentialsRoutes, 'DELETE /api/credentials/openai', {
  operationId: 'deleteOpenAiKey',
  tags,
  summary: 'Forget the OpenAI key',
  answers: { 204: 'Nothing is stored any more.' },
});

export const credentialsOperations = [listCredentialsRoute, putOpenAiKeyRoute, deleteOpenAiKeyRoute];

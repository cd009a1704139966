import { OpenAPIHono } from '@hono/zod-openapi';
import { accountOperations } from '../account/account.routes.ts';
import { authOperations } from '../auth/auth.routes.ts';
import { chatOperations } from '../chats/chats.routes.ts';
import { searchOperations } from '../chats/search.routes.ts';
import { suggestionOperations } from '../chats/suggestions.routes.ts';
import { credentialsOperations } from '../credentials/credentials.routes.ts';
import { googleOperations } from '../google/google.routes.ts';
import { whatsAppOperations } from '../whatsapp/whatsapp.routes.ts';

/** All routes of the API, of whichever function. The route modules know nothing of the handlers. */
const operations = [
  ...authOperations,
  ...accountOperations,
  ...credentialsOperations,
  ...googleOperations,
  ...whatsAppOperations,
  ...chatOperations,
  ...searchOperations,
  ...suggestionOperations,
];

/** The API as OpenAPI 3.1, made of the same route definitions that validate the requests. */
export function createOpenApiDocument({ origin, version }: { origin: string; version: string }) {
  const { openAPIRegistry: registry, getOpenAPI31Document } = new OpenAPIHono();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token that confirm, login and refresh answer. Good for ten minutes.',
  });
  for (const route of operations) registry.registerPath(route);
  return getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Top Active WhatsApp',
      version,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      description:
        'Every refusal is a problem document (RFC 9457) with a `code` for programs, and a `detail` and a `remedy` for people.',
    },
    servers: [{ url: origin }],
  });
}

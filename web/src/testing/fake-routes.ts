import type { Answer, ApiLine, ApiRoutes, ParameterOf } from '@top-active/core/contracts';
import type { z } from 'zod';
import { aWhatsApp } from './factories.ts';
import { createFakeAccount } from './fake-account.ts';
import { refusal } from './fake-answers.ts';
import { createFakeChats } from './fake-chats.ts';
import type { createFakeLog } from './fake-log.ts';
import { messagePage } from './fake-messages.ts';
import type { FakeState } from './fake-state.ts';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: Headers;
}

/** What a route is asked: its body as the function would have it, after validation. */
export type FakeCall<L extends FakeLine> = Omit<Call, 'body'> & {
  params: Readonly<Record<ParameterOf<L>, string>>;
  body: Body<ApiRoutes[L]>;
};
type Body<R> = R extends { body: infer B extends z.ZodType } ? z.output<B> : undefined;

/** Without those that only a browser's address bar or a developer asks for. */
export type FakeLine = Exclude<ApiLine, 'GET /api/google/callback' | 'GET /api/openapi.json'>;
/** One for each route of the table: a missing one, or an answer of another shape, doesn't compile. */
export type FakeRoutes = { [L in FakeLine]: (call: FakeCall<L>) => Answer<ApiRoutes[L]> | Response };

/** What each route answers from the state, and does to it. */
export function createFakeRoutes(state: FakeState, log: ReturnType<typeof createFakeLog>): FakeRoutes {
  const account = createFakeAccount(state);
  const chats = createFakeChats(state);

  return {
    'POST /api/auth/register': () => ({ session: 'registration-session' }),
    'POST /api/auth/confirm': () => account.signIn(),
    'POST /api/auth/login': () => (state.secondFactor ? { session: 'login-session' } : account.signIn()),
    'POST /api/auth/login/code': () => account.signIn(),
    'POST /api/auth/forgot-password': () => ({ session: 'reset-session' }),
    'POST /api/auth/reset-password': () => undefined,
    'POST /api/auth/refresh': () => (state.signedIn ? account.signIn() : refusal('session_expired')),
    'POST /api/auth/logout': () => account.signOut(),
    'GET /api/health': () => ({ status: 'ok', version: 'test', simulated: state.simulated }),
    'GET /api/me': () => state.me,
    'PATCH /api/me': ({ body }) => account.patchMe(body),
    'DELETE /api/me': () => account.eraseMe(),
    'GET /api/me/second-factor': () => ({ on: state.secondFactor }),
    'POST /api/me/second-factor': () => ({ secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/test' }),
    'POST /api/me/second-factor/confirm': () => account.switchFactor(true),
    'DELETE /api/me/second-factor': () => account.switchFactor(false),
    'GET /api/credentials': () => ({ items: state.credentials }),
    'PUT /api/credentials/openai': ({ body }) => account.putKey(body.key),
    'DELETE /api/credentials/openai': () => account.forget('openai'),
    'POST /api/google/connect': () => ({ url: 'https://accounts.google.test/consent' }),
    'DELETE /api/google': () => account.forget('google'),
    'GET /api/whatsapp': () => state.whatsapp,
    'POST /api/whatsapp/notice': ({ body }) => account.acceptNotice(body.version),
    'POST /api/whatsapp/connect': () => (state.whatsapp = aWhatsApp({ state: 'starting', attempt: 1 })),
    'POST /api/whatsapp/pairing-code': ({ body }) =>
      (state.whatsapp = aWhatsApp({ state: 'code', pairing: { phone: body.phone } })),
    'DELETE /api/whatsapp/pairing-code': () => (state.whatsapp = aWhatsApp({ state: 'starting' })),
    'POST /api/whatsapp/disconnect': () => (state.whatsapp = aWhatsApp()),
    'POST /api/whatsapp/passkey/{requestId}': () => account.answeredPasskey(),
    'POST /api/whatsapp/comparison': () => state.whatsapp,
    'GET /api/chats': () => ({ items: state.chats }),
    'PATCH /api/chats/{id}': ({ body, params }) => chats.patchChat(params.id, body),
    'POST /api/chats/{id}/merged': ({ body, params }) => chats.rejoin(params.id, body.chatId),
    'DELETE /api/chats/{id}/merged/{mergedId}': ({ params }) => chats.takeOut(params.id, params.mergedId),
    'GET /api/chats/{id}/messages': ({ query, params }) => messagePage(state, { id: params.id, query }),
    'POST /api/chats/{id}/messages': ({ body, headers, params }) => chats.takeMessage(params.id, body.text, headers),
    'GET /api/search': () => ({ items: [] }),
    'GET /api/outgoing': () => ({
      items: state.outgoing.filter((one) => one.state === 'FAILED' || one.state === 'UNKNOWN'),
    }),
    'GET /api/suggestions': ({ query }) => ({
      items: state.suggestions.filter((one) => one.state === (query.get('state') ?? one.state)),
    }),
    'POST /api/suggestions/{id}/accept': ({ body, params }) =>
      chats.changeSuggestion(params.id, {
        state: 'accepted',
        ...(body?.text === undefined ? {} : { text: body.text }),
      }),
    'POST /api/suggestions/{id}/dismiss': ({ params }) => chats.changeSuggestion(params.id, { state: 'dismissed' }),
    'GET /api/events': ({ query }) => log.after(Number(query.get('after'))),
    'POST /api/realtime/ticket': () => ({
      ticket: 'ticket',
      expiresAt: new Date(Date.now() + 30_000).toISOString(),
    }),
  };
}

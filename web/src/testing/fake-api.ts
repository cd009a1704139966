import {
  apiRoutes,
  findRoute,
  problemStatuses,
  type Answer,
  type ApiLine,
  type ApiRoutes,
  type Chat,
  type Credential,
  type Me,
  type Message,
  type NewUserEvent,
  type Outgoing,
  type ParameterOf,
  type Problem,
  type ProblemCode,
  type Route,
  type Suggestion,
  type UpdateChatRequest,
  type UpdateMeRequest,
  type UserEvent,
  type WhatsAppStatus,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { aMe, aWhatsApp, userId } from './factories.ts';

export interface FakeState {
  signedIn: boolean;
  simulated: boolean;
  me: Me;
  credentials: Credential[];
  whatsapp: WhatsAppStatus;
  chats: Chat[];
  messages: Message[];
  outgoing: Outgoing[];
  suggestions: Suggestion[];
  events: UserEvent[];
  secondFactor: boolean;
}

const bodySchema = z.record(z.string(), z.unknown());

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: Headers;
}

/** What a route is asked: its body as the function would have it, after validation. */
type FakeCall<L extends FakeLine> = Omit<Call, 'body'> & {
  params: Readonly<Record<ParameterOf<L>, string>>;
  body: Body<ApiRoutes[L]>;
};
type Body<R> = R extends { body: infer B extends z.ZodType } ? z.output<B> : undefined;

type FoundCall = Call & { params: Readonly<Record<string, string>> };

/** Without those that only a browser's address bar or a developer asks for. */
type FakeLine = Exclude<ApiLine, 'GET /api/google/callback' | 'GET /api/openapi.json'>;
/** One for each route of the table: a missing one, or an answer of another shape, doesn't compile. */
type FakeRoutes = { [L in FakeLine]: (call: FakeCall<L>) => Answer<ApiRoutes[L]> | Response };

/** The HTTP API as the browser sees it, behind `fetch`: canned state, no rules of its own. For tests only. */
export function createFakeApi(parts: Partial<FakeState> = {}) {
  const state: FakeState = {
    signedIn: true,
    simulated: true,
    me: aMe(),
    credentials: [],
    whatsapp: aWhatsApp(),
    chats: [],
    messages: [],
    outgoing: [],
    suggestions: [],
    events: [],
    secondFactor: false,
    ...parts,
  };
  const calls: Call[] = [];
  const refusals = new Map<string, { problem: Problem; headers: HeadersInit }[]>();
  const outages = new Map<string, number>();
  const sent = new Map<string, Outgoing>();
  let tokens = 0;
  /** Of the event log: how much of it is no longer kept. */
  let forgotten = 0;

  const routes: FakeRoutes = {
    'POST /api/auth/register': () => ({ session: 'registration-session' }),
    'POST /api/auth/confirm': () => signIn(),
    'POST /api/auth/login': () => (state.secondFactor ? { session: 'login-session' } : signIn()),
    'POST /api/auth/login/code': () => signIn(),
    'POST /api/auth/forgot-password': () => ({ session: 'reset-session' }),
    'POST /api/auth/reset-password': () => undefined,
    'POST /api/auth/refresh': () => (state.signedIn ? signIn() : refusal('session_expired')),
    'POST /api/auth/logout': () => signOut(),
    'GET /api/health': () => ({ status: 'ok', version: 'test', simulated: state.simulated }),
    'GET /api/me': () => state.me,
    'PATCH /api/me': ({ body }) => patchMe(body),
    'DELETE /api/me': () => eraseMe(),
    'GET /api/me/second-factor': () => ({ on: state.secondFactor }),
    'POST /api/me/second-factor': () => ({ secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/test' }),
    'POST /api/me/second-factor/confirm': () => switchFactor(true),
    'DELETE /api/me/second-factor': () => switchFactor(false),
    'GET /api/credentials': () => ({ items: state.credentials }),
    'PUT /api/credentials/openai': ({ body }) => putKey(body.key),
    'DELETE /api/credentials/openai': () => forget('openai'),
    'POST /api/google/connect': () => ({ url: 'https://accounts.google.test/consent' }),
    'DELETE /api/google': () => forget('google'),
    'GET /api/whatsapp': () => state.whatsapp,
    'POST /api/whatsapp/notice': ({ body }) => acceptNotice(body.version),
    'POST /api/whatsapp/connect': () => (state.whatsapp = aWhatsApp({ state: 'starting', attempt: 1 })),
    'POST /api/whatsapp/pairing-code': ({ body }) =>
      (state.whatsapp = aWhatsApp({ state: 'code', pairing: { phone: body.phone } })),
    'DELETE /api/whatsapp/pairing-code': () => (state.whatsapp = aWhatsApp({ state: 'starting' })),
    'POST /api/whatsapp/disconnect': () => (state.whatsapp = aWhatsApp()),
    'POST /api/whatsapp/passkey/{requestId}': () => answeredPasskey(),
    'POST /api/whatsapp/comparison': () => state.whatsapp,
    'GET /api/chats': () => ({ items: state.chats }),
    'PATCH /api/chats/{id}': ({ body, params }) => patchChat(params.id, body),
    'POST /api/chats/{id}/merged': ({ body, params }) => rejoin(params.id, body.chatId),
    'DELETE /api/chats/{id}/merged/{mergedId}': ({ params }) => takeOut(params.id, params.mergedId),
    'GET /api/chats/{id}/messages': ({ query, params }) => messagePage(params.id, query),
    'POST /api/chats/{id}/messages': ({ body, headers, params }) => takeMessage(params.id, body.text, headers),
    'GET /api/outgoing': () => ({
      items: state.outgoing.filter((one) => one.state === 'FAILED' || one.state === 'UNKNOWN'),
    }),
    'GET /api/suggestions': ({ query }) => ({
      items: state.suggestions.filter((one) => one.state === (query.get('state') ?? one.state)),
    }),
    'POST /api/suggestions/{id}/accept': ({ body, params }) =>
      changeSuggestion(params.id, { state: 'accepted', ...(body?.text === undefined ? {} : { text: body.text }) }),
    'POST /api/suggestions/{id}/dismiss': ({ params }) => changeSuggestion(params.id, { state: 'dismissed' }),
    'GET /api/events': ({ query }) => eventsAfter(Number(query.get('after'))),
    'POST /api/realtime/ticket': () => ({
      ticket: 'ticket',
      expiresAt: new Date(Date.now() + 30_000).toISOString(),
    }),
  };

  async function fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input, 'http://app.test');
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? bodySchema.parse(JSON.parse(init.body)) : {};
    const call: Call = {
      method,
      path: url.pathname,
      query: url.searchParams,
      body,
      headers: new Headers(init.headers),
    };
    calls.push(call);
    const line = `${method} ${url.pathname}`;
    const outage = outages.get(line) ?? 0;
    if (outage > 0) {
      outages.set(line, outage - 1);
      throw new TypeError('Failed to fetch');
    }
    const refused = refusals.get(line)?.shift();
    if (refused) return respond(refused.problem, refused.problem.status, refused.headers);
    const found = findRoute(apiRoutes, { method, path: url.pathname });
    return found && isServed(found.line) ? answer(found.line, { ...call, params: found.params }) : refusal('not_found');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it holds the handler and its call together.
  function answer<L extends FakeLine>(line: L, call: FoundCall): Response {
    const validated = validate(line, call);
    if (!validated) return refusal('invalid_request');
    const result = routes[line](validated);
    if (result instanceof Response) return result;
    return result === undefined ? new Response(null, { status: 204 }) : respond(result, 200);
  }

  function isServed(line: ApiLine): line is FakeLine {
    return line in routes;
  }

  function signIn() {
    state.signedIn = true;
    tokens += 1;
    return { accessToken: `token-${tokens}`, expiresIn: 600, userId };
  }

  function signOut(): undefined {
    state.signedIn = false;
    return undefined;
  }

  function switchFactor(on: boolean): undefined {
    state.secondFactor = on;
    return undefined;
  }

  function acceptNotice(version: number): Me {
    const linkNotices = [...state.me.linkNotices, { version, acceptedAt: new Date().toISOString() }];
    return (state.me = { ...state.me, linkNotices });
  }

  function patchMe(changes: UpdateMeRequest): Me {
    return (state.me = { ...state.me, ...given(changes) });
  }

  function eraseMe() {
    state.signedIn = false;
    return { requestedAt: new Date().toISOString() };
  }

  function putKey(key: string): Credential {
    const at = new Date().toISOString();
    const credential: Credential = {
      provider: 'openai',
      hint: key.slice(-4),
      state: 'valid',
      scopes: [],
      simulated: true,
      createdAt: at,
      checkedAt: at,
    };
    state.credentials = [...state.credentials.filter(({ provider }) => provider !== 'openai'), credential];
    return credential;
  }

  function forget(provider: Credential['provider']): undefined {
    state.credentials = state.credentials.filter((credential) => credential.provider !== provider);
    return undefined;
  }

  function answeredPasskey(): WhatsAppStatus {
    const { passkey } = state.whatsapp;
    return (state.whatsapp = { ...state.whatsapp, ...(passkey && { passkey: { ...passkey, answered: true } }) });
  }

  function patchChat(id: string, { read, ...changes }: UpdateChatRequest): Chat | Response {
    state.chats = state.chats.map((chat) =>
      chat.id === id ? { ...chat, ...given(changes), unread: read ? 0 : chat.unread } : chat,
    );
    return state.chats.find((chat) => chat.id === id) ?? refusal('chat_not_found');
  }

  function takeOut(id: string, mergedId: string) {
    const items = state.chats.flatMap((chat) => {
      const { merged = [], ...rest } = chat;
      const one = merged.find((entry) => entry.id === mergedId);
      if (chat.id !== id || !one) return [chat];
      const { name, phone } = one;
      return [
        { ...rest, apartFrom: [mergedId] },
        { ...rest, id: mergedId, name, phone, apartFrom: [id] },
      ];
    });
    state.chats = items;
    return { items };
  }

  function rejoin(id: string, otherId: string) {
    const mergedAt = new Date().toISOString();
    state.chats = state.chats.flatMap((chat) =>
      chat.id === otherId
        ? []
        : [chat.id === id ? { ...chat, apartFrom: [], merged: [{ id: otherId, name: '', mergedAt }] } : chat],
    );
    return state.chats.find((chat) => chat.id === id) ?? refusal('chat_not_found');
  }

  function messagePage(id: string, query: URLSearchParams) {
    const merged = state.chats.find((chat) => chat.id === id)?.merged ?? [];
    const parts = new Set([id, ...merged.map((one) => one.id)]);
    const all = state.messages
      .filter((message) => parts.has(message.chatId))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const limit = Number(query.get('limit') ?? 50);
    const before = query.get('before');
    const after = query.get('after');
    const candidates = all.filter(
      (message) => (before === null || message.id < before) && (after === null || message.id > after),
    );
    const items = after === null ? candidates.slice(-limit) : candidates.slice(0, limit);
    const [first] = items;
    const last = items.at(-1);
    return {
      items,
      ...(first && all[0] && first.id > all[0].id ? { before: first.id } : {}),
      ...(last && last.id < (all.at(-1)?.id ?? '') ? { after: last.id } : {}),
      outgoing: state.outgoing.filter((command) => command.chatId === id),
    };
  }

  function takeMessage(id: string, text: string, headers: Headers): Outgoing {
    const key = headers.get('idempotency-key') ?? '';
    const command = sent.get(key) ?? {
      id: `01JD3W5ZK2Q8N6V4T0XHRB7${String(sent.size).padStart(3, '0')}`,
      chatId: id,
      state: 'PENDING',
      text,
      author: 'owner',
      createdAt: new Date().toISOString(),
    };
    if (!sent.has(key)) state.outgoing = [...state.outgoing, command];
    sent.set(key, command);
    return command;
  }

  function changeSuggestion(id: string, changes: Partial<Suggestion>): Suggestion | Response {
    state.suggestions = state.suggestions.map((suggestion) =>
      suggestion.id === id ? { ...suggestion, ...changes } : suggestion,
    );
    return state.suggestions.find((suggestion) => suggestion.id === id) ?? refusal('suggestion_not_found');
  }

  function lastSeq(): number {
    return state.events.at(-1)?.seq ?? forgotten;
  }

  function eventsAfter(after: number) {
    const isForgotten = after < forgotten;
    const items = isForgotten ? [] : state.events.filter(({ seq }) => seq > after);
    return { items, seq: lastSeq(), reset: isForgotten };
  }

  return {
    state,
    calls,
    fetch,
    /** The next request of this line (`POST /api/auth/login`) is refused. */
    refuse(
      line: string,
      code: ProblemCode,
      { status, headers = {}, ...details }: { status?: number; headers?: HeadersInit } & Partial<Problem> = {},
    ): void {
      refusals.set(line, [
        ...(refusals.get(line) ?? []),
        { problem: { ...problemOf(code, status), ...details }, headers },
      ]);
    },
    /** The next `times` requests of this line reach nobody. */
    cutOff(line: string, times: number): void {
      outages.set(line, times);
    },
    /** Appends to the event log. */
    log(event: NewUserEvent): UserEvent {
      const stamped = { ...event, seq: lastSeq() + 1, at: new Date().toISOString() };
      state.events = [...state.events, stamped];
      return stamped;
    },
    /** Much has happened since, and the log has forgotten it. */
    forgetLog(): void {
      forgotten = lastSeq() + 500;
      state.events = [];
    },
  };
}

/** The changes as JSON carries them: without what is undefined. */
function given<T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return JSON.parse(JSON.stringify(changes));
}

/** Undefined for a body that isn't what the route takes. */
function validate<L extends FakeLine>(line: L, call: FoundCall): FakeCall<L> | undefined;
function validate(line: FakeLine, call: FoundCall): object | undefined {
  const route: Route = apiRoutes[line];
  if (!route.body) return call;
  const body = route.body.safeParse(call.body);
  return body.success ? { ...call, body: body.data } : undefined;
}

function respond(body: unknown, status: number, headers?: HeadersInit): Response {
  const response = new Response(JSON.stringify(body), { status, ...(headers ? { headers } : {}) });
  response.headers.set('content-type', 'application/json');
  return response;
}

function refusal(code: ProblemCode): Response {
  return respond(problemOf(code), problemStatuses[code]);
}

function problemOf(code: ProblemCode, status: number = problemStatuses[code]): Problem {
  return { type: `urn:problem:${code}`, title: code, status, code, detail: code, remedy: '', instance: 'request-1' };
}

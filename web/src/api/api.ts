import {
  apiRoutes,
  askRoute,
  type AcceptLinkNoticeRequest,
  type AcceptSuggestionRequest,
  type Answer,
  type ApiLine,
  type ApiRoutes,
  type BeginSecondFactorRequest,
  type CodeComparisonRequest,
  type ConfirmRequest,
  type ConfirmSecondFactorRequest,
  type ConnectWhatsAppRequest,
  type EndSecondFactorRequest,
  type EraseMeRequest,
  type ForgotPasswordRequest,
  type LoginCodeRequest,
  type LoginRequest,
  type PasskeyAnswer,
  type Question,
  type QuestionArgument,
  type RegisterRequest,
  type ResetPasswordRequest,
  type SuggestionState,
  type UpdateChatRequest,
  type UpdateMeRequest,
} from '@top-active/core/contracts';
import type { Access } from './access.ts';
import type { HttpRequest, Send } from './http.ts';
import { ApiProblem } from './problem.ts';

/** Every route of the API, typed by the contracts. All throw `ApiProblem`. */
export type Api = ReturnType<typeof createApi>;

export function createApi({ send, access }: { send: Send; access: Access }) {
  /** With the access token; refused once, it is renewed once. */
  async function authorized<T>(request: HttpRequest<T>): Promise<T> {
    const token = await access.token();
    try {
      return await send(withToken(request, token));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'unauthorized') throw error;
      const renewed = await access.refresh(token);
      return send(withToken(request, renewed.accessToken));
    }
  }

  function call<L extends ApiLine>(
    line: L,
    ...question: QuestionArgument<Question<L, ApiRoutes[L]>>
  ): Promise<Answer<ApiRoutes[L]>> {
    const request = askRoute(apiRoutes, line, ...question);
    return apiRoutes[line].access === 'jwt' ? authorized(request) : send(request);
  }

  return {
    auth: {
      register: (body: RegisterRequest) => call('POST /api/auth/register', { body }),
      confirm: (body: ConfirmRequest) => call('POST /api/auth/confirm', { body }),
      login: (body: LoginRequest) => call('POST /api/auth/login', { body }),
      loginWithCode: (body: LoginCodeRequest) => call('POST /api/auth/login/code', { body }),
      forgotPassword: (body: ForgotPasswordRequest) => call('POST /api/auth/forgot-password', { body }),
      resetPassword: (body: ResetPasswordRequest) => call('POST /api/auth/reset-password', { body }),
      logout: () => call('POST /api/auth/logout'),
    },
    health: () => call('GET /api/health'),
    me: {
      get: () => call('GET /api/me'),
      update: (body: UpdateMeRequest) => call('PATCH /api/me', { body }),
      secondFactor: () => call('GET /api/me/second-factor'),
      beginSecondFactor: (body: BeginSecondFactorRequest) => call('POST /api/me/second-factor', { body }),
      confirmSecondFactor: (body: ConfirmSecondFactorRequest) => call('POST /api/me/second-factor/confirm', { body }),
      endSecondFactor: (body: EndSecondFactorRequest) => call('DELETE /api/me/second-factor', { body }),
      erase: (body: EraseMeRequest) => call('DELETE /api/me', { body }),
    },
    credentials: {
      list: () => call('GET /api/credentials'),
      putOpenAi: (key: string) => call('PUT /api/credentials/openai', { body: { key } }),
      removeOpenAi: () => call('DELETE /api/credentials/openai'),
    },
    google: {
      connect: () => call('POST /api/google/connect'),
      disconnect: () => call('DELETE /api/google'),
    },
    whatsapp: {
      get: () => call('GET /api/whatsapp'),
      acceptNotice: (body: AcceptLinkNoticeRequest) => call('POST /api/whatsapp/notice', { body }),
      connect: (body: ConnectWhatsAppRequest) => call('POST /api/whatsapp/connect', { body }),
      pairByCode: (body: ConnectWhatsAppRequest & { phone: string }) =>
        call('POST /api/whatsapp/pairing-code', { body }),
      pairByQr: () => call('DELETE /api/whatsapp/pairing-code'),
      disconnect: () => call('POST /api/whatsapp/disconnect'),
      answerPasskey: (requestId: string, body: PasskeyAnswer) =>
        call('POST /api/whatsapp/passkey/{requestId}', { params: { requestId }, body }),
      compareCode: (body: CodeComparisonRequest) => call('POST /api/whatsapp/comparison', { body }),
    },
    chats: {
      list: (query: { cursor?: string | undefined; limit?: number | undefined } = {}) =>
        call('GET /api/chats', { query }),
      update: (chatId: string, body: UpdateChatRequest) =>
        call('PATCH /api/chats/{id}', { params: { id: chatId }, body }),
      rejoin: (chatId: string, otherId: string) =>
        call('POST /api/chats/{id}/merged', { params: { id: chatId }, body: { chatId: otherId } }),
      unmerge: (chatId: string, mergedId: string) =>
        call('DELETE /api/chats/{id}/merged/{mergedId}', { params: { id: chatId, mergedId } }),
      messages: (chatId: string, query: MessagesQuery = {}) =>
        call('GET /api/chats/{id}/messages', { params: { id: chatId }, query }),
      send: (chatId: string, { text, idempotencyKey }: { text: string; idempotencyKey: string }) =>
        call('POST /api/chats/{id}/messages', {
          params: { id: chatId },
          body: { text },
          headers: { 'idempotency-key': idempotencyKey },
        }),
    },
    outgoing: () => call('GET /api/outgoing'),
    suggestions: {
      list: (query: { state?: SuggestionState | undefined } = {}) => call('GET /api/suggestions', { query }),
      accept: (id: string, body: AcceptSuggestionRequest) =>
        call('POST /api/suggestions/{id}/accept', { params: { id }, body }),
      dismiss: (id: string) => call('POST /api/suggestions/{id}/dismiss', { params: { id } }),
    },
    events: (after: number) => call('GET /api/events', { query: { after } }),
    ticket: () => call('POST /api/realtime/ticket'),
  };
}

export interface MessagesQuery {
  before?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

function withToken<T>(request: HttpRequest<T>, token: string): HttpRequest<T> {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

import {
  authenticatorKeySchema,
  chatSchema,
  chatsResponseSchema,
  credentialsResponseSchema,
  erasureSchema,
  eventsResponseSchema,
  forgotPasswordResponseSchema,
  googleConnectResponseSchema,
  healthResponseSchema,
  meSchema,
  messagesResponseSchema,
  outgoingResponseSchema,
  outgoingSchema,
  realtimeTicketResponseSchema,
  registerResponseSchema,
  secondFactorSchema,
  secondFactorWantedSchema,
  suggestionSchema,
  suggestionsResponseSchema,
  unmergeChatResponseSchema,
  tokenResponseSchema,
  whatsAppStatusSchema,
  type AcceptLinkNoticeRequest,
  type AcceptSuggestionRequest,
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
  type RegisterRequest,
  type ResetPasswordRequest,
  type SuggestionState,
  type UpdateChatRequest,
  type UpdateMeRequest,
} from '@top-active/core/contracts';
import { z } from 'zod';
import type { Access } from './access.ts';
import { ignored, type HttpRequest, type Send } from './http.ts';
import { ApiProblem } from './problem.ts';

/** Every route of the API, typed by the contracts. All throw `ApiProblem`. */
export type Api = ReturnType<typeof createApi>;

const loginAnswerSchema = z.union([tokenResponseSchema, secondFactorWantedSchema]);

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

  return {
    auth: {
      register: (body: RegisterRequest) =>
        send({ method: 'POST', path: '/api/auth/register', body, answer: registerResponseSchema }),
      confirm: (body: ConfirmRequest) =>
        send({ method: 'POST', path: '/api/auth/confirm', body, answer: tokenResponseSchema }),
      login: (body: LoginRequest) => send({ method: 'POST', path: '/api/auth/login', body, answer: loginAnswerSchema }),
      loginWithCode: (body: LoginCodeRequest) =>
        send({ method: 'POST', path: '/api/auth/login/code', body, answer: tokenResponseSchema }),
      forgotPassword: (body: ForgotPasswordRequest) =>
        send({ method: 'POST', path: '/api/auth/forgot-password', body, answer: forgotPasswordResponseSchema }),
      resetPassword: (body: ResetPasswordRequest) =>
        send({ method: 'POST', path: '/api/auth/reset-password', body, answer: ignored }),
      logout: () => send({ method: 'POST', path: '/api/auth/logout', answer: ignored }),
    },
    health: () => send({ method: 'GET', path: '/api/health', answer: healthResponseSchema }),
    me: {
      get: () => authorized({ method: 'GET', path: '/api/me', answer: meSchema }),
      update: (body: UpdateMeRequest) => authorized({ method: 'PATCH', path: '/api/me', body, answer: meSchema }),
      secondFactor: () => authorized({ method: 'GET', path: '/api/me/second-factor', answer: secondFactorSchema }),
      beginSecondFactor: (body: BeginSecondFactorRequest) =>
        authorized({ method: 'POST', path: '/api/me/second-factor', body, answer: authenticatorKeySchema }),
      confirmSecondFactor: (body: ConfirmSecondFactorRequest) =>
        authorized({ method: 'POST', path: '/api/me/second-factor/confirm', body, answer: ignored }),
      endSecondFactor: (body: EndSecondFactorRequest) =>
        authorized({ method: 'DELETE', path: '/api/me/second-factor', body, answer: ignored }),
      erase: (body: EraseMeRequest) => authorized({ method: 'DELETE', path: '/api/me', body, answer: erasureSchema }),
    },
    credentials: {
      list: () => authorized({ method: 'GET', path: '/api/credentials', answer: credentialsResponseSchema }),
      putOpenAi: (key: string) =>
        authorized({ method: 'PUT', path: '/api/credentials/openai', body: { key }, answer: ignored }),
      removeOpenAi: () => authorized({ method: 'DELETE', path: '/api/credentials/openai', answer: ignored }),
    },
    google: {
      connect: () => authorized({ method: 'POST', path: '/api/google/connect', answer: googleConnectResponseSchema }),
      disconnect: () => authorized({ method: 'DELETE', path: '/api/google', answer: ignored }),
    },
    whatsapp: {
      get: () => authorized({ method: 'GET', path: '/api/whatsapp', answer: whatsAppStatusSchema }),
      acceptNotice: (body: AcceptLinkNoticeRequest) =>
        authorized({ method: 'POST', path: '/api/whatsapp/notice', body, answer: meSchema }),
      connect: (body: ConnectWhatsAppRequest) =>
        authorized({ method: 'POST', path: '/api/whatsapp/connect', body, answer: whatsAppStatusSchema }),
      pairByCode: (body: ConnectWhatsAppRequest & { phone: string }) =>
        authorized({ method: 'POST', path: '/api/whatsapp/pairing-code', body, answer: whatsAppStatusSchema }),
      pairByQr: () => authorized({ method: 'DELETE', path: '/api/whatsapp/pairing-code', answer: ignored }),
      disconnect: () => authorized({ method: 'POST', path: '/api/whatsapp/disconnect', answer: ignored }),
      answerPasskey: (requestId: string, body: PasskeyAnswer) =>
        authorized({
          method: 'POST',
          path: `/api/whatsapp/passkey/${requestId}`,
          body,
          answer: whatsAppStatusSchema,
        }),
      compareCode: (body: CodeComparisonRequest) =>
        authorized({ method: 'POST', path: '/api/whatsapp/comparison', body, answer: whatsAppStatusSchema }),
    },
    chats: {
      list: (query: { cursor?: string | undefined; limit?: number | undefined } = {}) =>
        authorized({ method: 'GET', path: '/api/chats', query, answer: chatsResponseSchema }),
      update: (chatId: string, body: UpdateChatRequest) =>
        authorized({ method: 'PATCH', path: `/api/chats/${chatId}`, body, answer: chatSchema }),
      rejoin: (chatId: string, otherId: string) =>
        authorized({
          method: 'POST',
          path: `/api/chats/${chatId}/merged`,
          body: { chatId: otherId },
          answer: chatSchema,
        }),
      unmerge: (chatId: string, mergedId: string) =>
        authorized({
          method: 'DELETE',
          path: `/api/chats/${chatId}/merged/${mergedId}`,
          answer: unmergeChatResponseSchema,
        }),
      messages: (chatId: string, query: MessagesQuery = {}) =>
        authorized({
          method: 'GET',
          path: `/api/chats/${chatId}/messages`,
          query: { ...query },
          answer: messagesResponseSchema,
        }),
      send: (chatId: string, { text, idempotencyKey }: { text: string; idempotencyKey: string }) =>
        authorized({
          method: 'POST',
          path: `/api/chats/${chatId}/messages`,
          body: { text },
          headers: { 'idempotency-key': idempotencyKey },
          answer: outgoingSchema,
        }),
    },
    outgoing: () => authorized({ method: 'GET', path: '/api/outgoing', answer: outgoingResponseSchema }),
    suggestions: {
      list: (query: { state?: SuggestionState | undefined } = {}) =>
        authorized({ method: 'GET', path: '/api/suggestions', query, answer: suggestionsResponseSchema }),
      accept: (id: string, body: AcceptSuggestionRequest) =>
        authorized({ method: 'POST', path: `/api/suggestions/${id}/accept`, body, answer: suggestionSchema }),
      dismiss: (id: string) =>
        authorized({ method: 'POST', path: `/api/suggestions/${id}/dismiss`, answer: suggestionSchema }),
    },
    events: (after: number) =>
      authorized({ method: 'GET', path: '/api/events', query: { after }, answer: eventsResponseSchema }),
    ticket: () => authorized({ method: 'POST', path: '/api/realtime/ticket', answer: realtimeTicketResponseSchema }),
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

import type {
  AcceptSuggestionRequest,
  ChatId,
  CommandId,
  Suggestion,
  SuggestionId,
  SuggestionState,
} from '@top-active/core/contracts';

export type NewSuggestion = Pick<
  Suggestion,
  'chatId' | 'text' | 'appointment' | 'answers' | 'model' | 'simulated' | 'usage'
>;

/** Why a suggestion came too late to be shown. */
export type StaleReason = 'customer_wrote_again' | 'owner_answered' | 'assistant_off';

export interface SuggestionStore {
  /** Becomes the chat's pending suggestion; an older pending one is superseded in the same write. @throws {AppError} `chat_not_found` */
  create(
    suggestion: NewSuggestion,
  ): Promise<{ created: true; suggestion: Suggestion } | { created: false; reason: StaleReason }>;
  /** Newest first, at most 100. */
  list(query?: { state?: SuggestionState | undefined; chatId?: ChatId | undefined }): Promise<Suggestion[]>;
  get(id: SuggestionId): Promise<Suggestion | undefined>;
  /**
   * The owner's click. Without an appointment the send command is made in the same write; with one it waits for
   * `markBooked`.
   * @throws {AppError} `suggestion_not_found`, `suggestion_not_pending`
   */
  accept(id: SuggestionId, change: AcceptSuggestionRequest): Promise<Suggestion>;
  /** @throws {AppError} `suggestion_not_found`, `suggestion_not_pending` */
  dismiss(id: SuggestionId): Promise<Suggestion>;
  /**
   * The slot is booked: keeps the appointment and makes the send command, in one write, then the wake. A repetition
   * gets the first command.
   * @throws {AppError} `suggestion_not_found`, or `conflict` when it isn't accepted
   */
  markBooked(id: SuggestionId, booking: { eventId: string; eventUrl: string }): Promise<{ commandId: CommandId }>;
  /** Nothing was sent, and why. False when it was no longer accepted. */
  markFailed(id: SuggestionId, failure: NonNullable<Suggestion['failure']>): Promise<boolean>;
  /** The chat's pending suggestion is out of date. False when there was none. */
  supersedeOpen(chatId: ChatId): Promise<boolean>;
}

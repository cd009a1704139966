import type { Appointment, ChatId, SuggestionId } from '@top-active/core/contracts';

export interface AppointmentRecord extends Appointment {
  id: string;
  suggestionId: SuggestionId;
  chatId: ChatId;
  /** Google Calendar's event. */
  eventId: string;
  eventUrl: string;
  createdAt: string;
}

export interface AppointmentStore {
  /** Newest booking first, at most 100. */
  list(): Promise<AppointmentRecord[]>;
}

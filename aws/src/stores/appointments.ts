import {
  appointmentSchema,
  chatIdSchema,
  instantSchema,
  suggestionIdSchema,
  type Appointment,
  type ChatId,
  type SuggestionId,
} from '@top-active/core/contracts';
import { z } from 'zod';
import { prefixes } from '../items/keys.ts';
import type { StoreContext } from './store-context.ts';

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

const recordSchema = z.object({
  ...appointmentSchema.shape,
  id: z.ulid(),
  suggestionId: suggestionIdSchema,
  chatId: chatIdSchema,
  eventId: z.string(),
  eventUrl: z.string(),
  createdAt: instantSchema,
});

export function createAppointmentStore({ items }: StoreContext): AppointmentStore {
  return { list: () => items.query({ prefix: prefixes.appointment, descending: true, limit: 100 }, recordSchema) };
}

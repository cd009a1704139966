import { appointmentSchema, chatIdSchema, instantSchema, suggestionIdSchema } from '@top-active/core/contracts';
import { z } from 'zod';
import { prefixes } from '../items/keys.ts';
import type { StoreContext } from './store-context.ts';

const recordSchema = z.object({
  ...appointmentSchema.shape,
  id: z.ulid(),
  suggestionId: suggestionIdSchema,
  chatId: chatIdSchema,
  /** Google Calendar's event. */
  eventId: z.string(),
  eventUrl: z.string(),
  createdAt: instantSchema,
});
export type AppointmentRecord = z.infer<typeof recordSchema>;

export interface AppointmentStore {
  /** Newest booking first, at most 100. */
  list(): Promise<AppointmentRecord[]>;
}

export function createAppointmentStore({ items }: StoreContext): AppointmentStore {
  return { list: () => items.query({ prefix: prefixes.appointment, descending: true, limit: 100 }, recordSchema) };
}

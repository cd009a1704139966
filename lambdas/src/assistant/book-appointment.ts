import { logger, metrics, type Tenant } from '@top-active/aws';
import type { Appointment, AssistantJob, Suggestion } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import type { Calendar } from '../google/calendar.ts';
import type { AssistantDeps } from './assistant-deps.ts';
import { descriptionOf } from './event-description.ts';
import { eventIdOf } from './event-id.ts';

export type BookJob = Extract<AssistantJob, { type: 'book' }>;
type Failure = NonNullable<Suggestion['failure']>;

/** Deliveries after which an unreachable Google is taken for an answer. */
const patience = 3;

/**
 * Books the appointment of an accepted suggestion, then lets the reply go out. Every step may be cut off and done
 * again: the event has a fixed id, and booking note and send command are written together. Whatever stands in the way
 * of the booking, the reply isn't sent, and the suggestion says why.
 */
export async function bookAppointment(
  job: BookJob,
  deps: AssistantDeps,
  { attempt }: { attempt: number },
): Promise<void> {
  const tenant = await deps.tenants.for(job.userId);
  const suggestion = await tenant.suggestions.get(job.suggestionId);
  if (suggestion?.state !== 'accepted' || !suggestion.appointment || suggestion.commandId) {
    return logger.info('Nothing to book', { state: suggestion?.state });
  }
  const eventId = eventIdOf(suggestion.id);
  try {
    const calendar = await deps.openCalendar(tenant);
    const event = await ensureEvent({ calendar, eventId, tenant, suggestion, appointment: suggestion.appointment });
    if (event === 'slot_taken') return await fail(tenant, suggestion, 'slot_taken');
    await tenant.suggestions.markBooked(suggestion.id, { eventId, eventUrl: event.eventUrl });
    metrics.emit('Bookings');
    logger.info('Appointment booked');
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    // Google may have taken the event and only its answer got lost: another delivery finds out.
    if (failure === 'google_unreachable' && attempt < patience) throw error;
    await fail(tenant, suggestion, failure);
  }
}

interface EventInput {
  calendar: Calendar;
  eventId: string;
  tenant: Tenant;
  suggestion: Suggestion;
  appointment: Appointment;
}

async function ensureEvent({ calendar, eventId, tenant, suggestion, appointment }: EventInput) {
  const busy = await calendar.busy({ start: appointment.start, end: appointment.end });
  // The slot may be taken by this very event, made before an earlier delivery was cut off.
  if (busy.length > 0) return (await calendar.find(eventId)) ?? 'slot_taken';
  if (!calendar.canBook) throw new AppError('google_permission_missing');
  const profile = await tenant.profile.get();
  const chat = await tenant.chats.get(suggestion.chatId);
  const description = descriptionOf(chat, profile?.locale ?? 'pt-BR');
  return (await calendar.book({ eventId, appointment, description })) ?? 'slot_taken';
}

const failures = ['google_not_connected', 'google_permission_missing', 'google_unreachable'] as const;

function failureOf(error: unknown): Failure | undefined {
  return error instanceof AppError ? failures.find((failure) => failure === error.code) : undefined;
}

async function fail(tenant: Tenant, suggestion: Suggestion, failure: Failure): Promise<void> {
  const marked = await tenant.suggestions.markFailed(suggestion.id, failure);
  if (marked) metrics.emit('BookingFailures');
  logger.warn('Appointment not booked', { failure, marked });
}

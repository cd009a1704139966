import type { Tenant } from '@top-active/aws';
import type { AcceptSuggestionRequest, Suggestion, SuggestionId } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { requireLinked } from './require-linked.ts';

/**
 * The owner's click: the reply is sent, after the appointment (if any) is booked.
 * @throws {AppError} `suggestion_not_found`, `suggestion_not_pending`, `whatsapp_not_linked`, `google_not_connected`
 */
export async function acceptSuggestion(
  { id, change }: { id: SuggestionId; change: AcceptSuggestionRequest },
  tenant: Tenant,
): Promise<Suggestion> {
  const pending = await tenant.suggestions.get(id);
  if (!pending) throw new AppError('suggestion_not_found');
  await requireLinked(tenant);
  const books = change.appointment === undefined ? pending.appointment !== undefined : change.appointment !== null;
  if (books) await requireGoogle(tenant);
  return tenant.suggestions.accept(id, change);
}

async function requireGoogle(tenant: Tenant): Promise<void> {
  const google = await tenant.credentials.get('google');
  if (google?.state !== 'valid') throw new AppError('google_not_connected');
}

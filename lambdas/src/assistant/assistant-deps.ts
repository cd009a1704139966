import type { Tenant, Tenants } from '@top-active/aws';
import type { Calendar } from '../google/calendar.ts';

export interface AssistantDeps {
  tenants: Tenants;
  /** @throws {AppError} `google_not_connected` */
  openCalendar: (tenant: Tenant) => Promise<Calendar>;
  openAi: { baseUrl: string; model: string };
  /** Epoch milliseconds. */
  now: () => number;
}

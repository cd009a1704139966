import type { Tenant, Tenants } from '@top-active/aws';
import type { Calendar } from '../google/calendar.ts';
import type { ModelWatch } from './watch-model.ts';

export interface AssistantDeps {
  tenants: Tenants;
  /** @throws {AppError} `google_not_connected` */
  openCalendar: (tenant: Tenant) => Promise<Calendar>;
  openAi: { baseUrl: string; model: string };
  watch: ModelWatch;
  /** Epoch milliseconds. */
  now: () => number;
}

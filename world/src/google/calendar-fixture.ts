import { gaxios } from 'google-auth-library';
import type { calendar_v3 } from '@googleapis/calendar';

/** An event of the day that the tests look at, in São Paulo's time. */
export const at = (start: string, end: string, more: calendar_v3.Schema$Event = {}): calendar_v3.Schema$Event => ({
  summary: 'Consulta',
  start: { dateTime: `2026-11-24T${start}:00-03:00` },
  end: { dateTime: `2026-11-24T${end}:00-03:00` },
  ...more,
});

/** What a refused call says. @throws {Error} when it went through */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ status: number | undefined; reason: string; message: string }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof gaxios.GaxiosError)) throw error;
    const { errors, message } = error.response?.data.error ?? {};
    return { status: error.status, reason: errors?.[0]?.reason, message };
  }
  throw new Error('The call went through.');
}

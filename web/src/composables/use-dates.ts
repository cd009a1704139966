import type { Appointment } from '@top-active/core/contracts';
import { computed } from 'vue';
import { useText } from '../i18n/i18n.ts';
import { useMeStore } from '../stores/me.ts';
import { useNow } from './use-now.ts';

/** Instants as the owner reads them: in their language and, always, in their own time zone. */
export function useDates() {
  const me = useMeStore();
  const { locale, t } = useText();
  const now = useNow(60_000);

  const formats = computed(() => {
    const timeZone = me.timeZone;
    const make = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale.value, { ...options, timeZone });
    return {
      time: make({ hour: '2-digit', minute: '2-digit' }),
      weekday: make({ weekday: 'long' }),
      shortDate: make({ day: '2-digit', month: '2-digit', year: '2-digit' }),
      longDay: make({ weekday: 'long', day: 'numeric', month: 'long' }),
      longDayYear: make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
      dayMonth: make({ day: 'numeric', month: 'long' }),
      full: make({ dateStyle: 'medium', timeStyle: 'short' }),
      zone: make({ timeZoneName: 'longGeneric' }),
    };
  });

  /** `2026-11-24` in the owner's zone: two instants of one day share it. */
  function dayKey(instant: string | number): string {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: me.timeZone }).format(new Date(instant));
  }

  function daysAgo(instant: string): number {
    return Math.round((Date.parse(dayKey(now.value)) - Date.parse(dayKey(instant))) / 86_400_000);
  }

  function time(instant: string): string {
    return formats.value.time.format(new Date(instant));
  }

  /** Between the days of a thread. */
  function dayTitle(instant: string): string {
    const ago = daysAgo(instant);
    if (ago === 0) return t('inbox.thread.today');
    if (ago === 1) return t('inbox.thread.yesterday');
    const sameYear = dayKey(instant).slice(0, 4) === dayKey(now.value).slice(0, 4);
    return capitalized((sameYear ? formats.value.longDay : formats.value.longDayYear).format(new Date(instant)));
  }

  /** In the list of chats: as short as it can be. */
  function listStamp(instant: string): string {
    const ago = daysAgo(instant);
    if (ago <= 0) return time(instant);
    if (ago === 1) return t('inbox.thread.yesterday');
    return (ago < 7 ? formats.value.weekday : formats.value.shortDate).format(new Date(instant)).replace('-feira', '');
  }

  function appointment({ start, end }: Pick<Appointment, 'start' | 'end'>) {
    const zone = formats.value.zone.formatToParts(new Date(start)).find(({ type }) => type === 'timeZoneName');
    return {
      weekday: capitalized(formats.value.weekday.format(new Date(start))),
      date: formats.value.dayMonth.format(new Date(start)),
      time: `${time(start)}–${time(end)}`,
      zone: (zone?.value ?? me.timeZone).replace(/ (?:Padrão|Standard)/, ''),
    };
  }

  return {
    time,
    dayKey,
    dayTitle,
    listStamp,
    appointment,
    /** A calendar day, `2026-12-11`, wherever it is. */
    day: (date: string) =>
      new Intl.DateTimeFormat(locale.value, { dateStyle: 'long', timeZone: 'UTC' }).format(
        new Date(`${date}T00:00:00Z`),
      ),
    dateTime: (instant: string) => formats.value.full.format(new Date(instant)),
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

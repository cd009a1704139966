import { useI18n } from 'vue-i18n';
import { ControlError } from './request.ts';

/** Puts a failure into the visitor's words; those of a particular place win, e.g. `scan.refused`. */
export function useReasons(): { reasonOf: (error: unknown, place?: string) => string } {
  const i18n = useI18n();

  function reasonOf(error: unknown, place?: string): string {
    if (!(error instanceof ControlError)) throw error;
    const particular = `${place}.${error.code}`;
    return place && i18n.te(particular) ? i18n.t(particular) : i18n.t(`reason.${error.code}`);
  }

  return { reasonOf };
}

import type { Locale } from './i18n/index.ts';

/** Owner and customer. The American numbers are of the range kept for fiction. */
export const examplePhones: Record<Locale, { number: string; name: string }[]> = {
  'pt-BR': [
    { number: '5511970000101', name: 'Clínica da Ana' },
    { number: '5511970000102', name: 'Beto Cliente' },
  ],
  en: [
    { number: '12025550101', name: 'Ana’s Clinic' },
    { number: '12025550102', name: 'Ben Customer' },
  ],
};

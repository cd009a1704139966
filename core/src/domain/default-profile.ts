import type { Me, WorkingHours } from '../contracts/me.ts';

const weekday = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
];

const workingHours: WorkingHours = {
  mon: weekday,
  tue: weekday,
  wed: weekday,
  thu: weekday,
  fri: weekday,
  sat: [],
  sun: [],
};

/** What a new owner starts with. */
export const defaultProfile = {
  timeZone: 'America/Sao_Paulo',
  workingHours,
  appointmentMinutes: 60,
  about: '',
} as const satisfies Pick<Me, 'timeZone' | 'workingHours' | 'appointmentMinutes' | 'about'>;

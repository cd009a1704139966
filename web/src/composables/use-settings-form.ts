import { updateMeRequestSchema, type Me, type UpdateMeRequest, type WorkingHours } from '@top-active/core/contracts';
import { computed, reactive, watch } from 'vue';
import type { Opening } from '../components/settings/working-week.ts';
import { useMeStore } from '../stores/me.ts';
import { useFieldErrors } from './use-field-errors.ts';
import { useSubmit } from './use-submit.ts';

const fields = ['name', 'locale', 'timeZone', 'workingHours', 'appointmentMinutes', 'about'] as const;
type Editable = Pick<Me, (typeof fields)[number]>;

/** A copy of the profile to be edited; only what was changed is sent. */
export function useSettingsForm(profile: () => Me) {
  const me = useMeStore();
  const form = reactive(copyOf(profile()));
  const changes = computed(() => changesOf(form, copyOf(profile())));
  const dirty = computed(() => Object.keys(changes.value).length > 0);
  const { busy, problem, run } = useSubmit(me.update);
  const { errors, check } = useFieldErrors(problem);

  /** News from the server (another tab) reach the fields that aren't being edited. */
  watch(profile, (current, before) => {
    const edited = changesOf(form, copyOf(before));
    Object.assign(form, { ...copyOf(current), ...edited });
  });

  function discard(): void {
    Object.assign(form, copyOf(profile()));
  }

  /** Tells whether everything is saved. */
  async function save(): Promise<boolean> {
    const request = check(updateMeRequestSchema, changes.value);
    if (!request || !(await run(request))) return false;
    discard();
    return true;
  }

  return { form, dirty, errors, busy, problem, save, discard };
}

function copyOf({ name, locale, timeZone, workingHours, appointmentMinutes, about }: Me): Editable {
  return { name, locale, timeZone, workingHours: copyOfHours(workingHours), appointmentMinutes, about };
}

function copyOfHours({ mon, tue, wed, thu, fri, sat, sun }: WorkingHours): WorkingHours {
  return {
    mon: copyOfDay(mon),
    tue: copyOfDay(tue),
    wed: copyOfDay(wed),
    thu: copyOfDay(thu),
    fri: copyOfDay(fri),
    sat: copyOfDay(sat),
    sun: copyOfDay(sun),
  };
}

function copyOfDay(opening: Opening): Opening {
  return opening.map((span) => ({ ...span }));
}

function changesOf(form: Editable, saved: Editable): UpdateMeRequest {
  const changed = fields.filter((field) => JSON.stringify(form[field]) !== JSON.stringify(saved[field]));
  return Object.fromEntries(changed.map((field) => [field, form[field]]));
}

import { computed, ref, type Ref } from 'vue';
import type { ZodType } from 'zod';
import type { ApiProblem } from '../api/problem.ts';
import { useText } from '../i18n/i18n.ts';
import type { MessageKey } from '../i18n/messages.ts';

const sentences: Partial<Record<string, MessageKey>> = {
  email: 'fields.email',
  password: 'fields.password',
  name: 'fields.name',
  code: 'fields.code',
  key: 'fields.key',
  timeZone: 'fields.timeZone',
  workingHours: 'fields.workingHours',
  appointmentMinutes: 'fields.appointmentMinutes',
  about: 'fields.about',
};

/**
 * One sentence per bad field, whether the contract's schema found it here or the server did. Keys are the first part of
 * the field's path.
 */
export function useFieldErrors(
  problem: Ref<ApiProblem | undefined>,
  overrides: Partial<Record<string, MessageKey>> = {},
) {
  const { t } = useText();
  const found = ref<readonly string[]>([]);

  const errors = computed(() => {
    const fields = [...found.value, ...(problem.value?.fields.map(({ field }) => field) ?? [])];
    return Object.fromEntries(fields.map((field) => [rootOf(field), t(sentenceOf(rootOf(field), overrides))]));
  });

  /** The value as the contract wants it, or nothing and the bad fields marked. */
  function check<Output, Input>(schema: ZodType<Output, Input>, value: unknown): Output | undefined {
    const parsed = schema.safeParse(value);
    found.value = parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
    return parsed.success ? parsed.data : undefined;
  }

  return { errors, check };
}

function rootOf(field: string): string {
  return field.split('.')[0] ?? field;
}

function sentenceOf(field: string, overrides: Partial<Record<string, MessageKey>>): MessageKey {
  return overrides[field] ?? sentences[field] ?? 'fields.other';
}

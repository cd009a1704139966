import { computed, ref, type Ref } from 'vue';
import type { PasswordWeakness } from '@top-active/core/contracts';
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

const weaknesses: Record<PasswordWeakness, MessageKey> = {
  too_short: 'fields.password',
  common: 'fields.passwordCommon',
  own_words: 'fields.passwordOwnWords',
  no_digit: 'fields.passwordNoDigit',
  outer_spaces: 'fields.passwordOuterSpaces',
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
    const here = found.value.map((field): [string, MessageKey] => [
      rootOf(field),
      sentenceOf(rootOf(field), overrides),
    ]);
    const there = (problem.value?.fields ?? []).map(({ field, reason }): [string, MessageKey] => [
      rootOf(field),
      reason ? weaknesses[reason] : sentenceOf(rootOf(field), overrides),
    ]);
    return Object.fromEntries([...here, ...there].map(([field, key]) => [field, t(key)]));
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

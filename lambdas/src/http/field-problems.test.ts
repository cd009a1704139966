import {
  confirmRequestSchema,
  putOpenAiKeyRequestSchema,
  registerRequestSchema,
  sendMessageRequestSchema,
  updateMeRequestSchema,
} from '@top-active/core/contracts';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { fieldProblems } from './field-problems.ts';

function problemsOf(schema: z.ZodType, input: unknown) {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error('The input is valid');
  return fieldProblems(parsed.error.issues, input);
}

describe('fieldProblems', () => {
  it('names each missing field and its type', () => {
    expect(problemsOf(registerRequestSchema, { locale: 'en' })).toEqual([
      { field: 'email', message: 'email is missing', remedy: 'Send email as a string.' },
      { field: 'password', message: 'password is missing', remedy: 'Send password as a string.' },
      { field: 'name', message: 'name is missing', remedy: 'Send name as a string.' },
    ]);
  });

  it('names an unknown field and says to leave it out', () => {
    expect(problemsOf(updateMeRequestSchema, { admin: true })).toEqual([
      { field: 'admin', message: 'admin is not a known field', remedy: 'Leave admin out.' },
    ]);
  });

  it('names twenty of any number, and of a long name the beginning', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field${i}`, i]));
    expect(problemsOf(updateMeRequestSchema, many)).toHaveLength(20);
    const [problem] = problemsOf(updateMeRequestSchema, { ['x'.repeat(300_000)]: 1 });
    expect(problem?.field).toBe(`${'x'.repeat(100)}…`);
    expect(JSON.stringify(problem).length).toBeLessThan(500);
  });

  it('gives the path of a field inside another', () => {
    const day = { from: '09h00', to: '18:00' };
    const hours = { mon: [day], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    expect(problemsOf(updateMeRequestSchema, { workingHours: hours })).toEqual([
      {
        field: 'workingHours.mon.0.from',
        message: 'workingHours.mon.0.from has the wrong form',
        remedy: 'Send a workingHours.mon.0.from that is a time of day like 09:00.',
      },
    ]);
  });

  it('says what a value must look like', () => {
    expect(problemsOf(confirmRequestSchema, { email: 'nobody', code: '12', session: 's' })).toEqual([
      {
        field: 'email',
        message: 'email has the wrong form',
        remedy: 'Send email as an e-mail address like ana@example.com.',
      },
      { field: 'code', message: 'code has the wrong form', remedy: 'Send a code that has six digits.' },
    ]);
    expect(problemsOf(putOpenAiKeyRequestSchema, { key: 'pk-0123456789-0123456789' })).toEqual([
      { field: 'key', message: 'key has the wrong form', remedy: 'Send a key that starts with sk-.' },
    ]);
  });

  it('tells a wrong type from a missing field', () => {
    expect(problemsOf(registerRequestSchema, [])).toEqual([
      { field: 'body', message: 'body is not an object', remedy: 'Send body as an object.' },
    ]);
    expect(problemsOf(updateMeRequestSchema, { appointmentMinutes: '30' })[0]).toMatchObject({
      message: 'appointmentMinutes is not a number',
    });
  });

  it('gives bounds with their unit', () => {
    expect(problemsOf(putOpenAiKeyRequestSchema, { key: 'sk-1' })[0]?.remedy).toBe(
      'Send key with at least 20 characters.',
    );
    expect(problemsOf(updateMeRequestSchema, { appointmentMinutes: 1 })[0]?.remedy).toBe(
      'Send appointmentMinutes with at least the value 5.',
    );
  });

  it('lists the values of a choice', () => {
    expect(problemsOf(updateMeRequestSchema, { locale: 'fr' })[0]?.remedy).toBe('Send locale as one of "pt-BR", "en".');
  });

  it('repeats the reason of a refinement, and never the value', () => {
    expect(problemsOf(sendMessageRequestSchema, { text: '  ' })).toEqual([
      { field: 'text', message: 'text is empty', remedy: 'Correct text and send the request again.' },
    ]);
    expect(JSON.stringify(problemsOf(updateMeRequestSchema, { timeZone: 'secret-value' }))).not.toContain(
      'secret-value',
    );
  });
});

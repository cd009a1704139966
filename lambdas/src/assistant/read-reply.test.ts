import type { Response } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { NoAnswer, readReply, requireComplete } from './read-reply.ts';

function refusalOf(work: () => unknown): Pick<NoAnswer, 'why' | 'mayPass'> {
  try {
    work();
  } catch (error) {
    if (error instanceof NoAnswer) return { why: error.why, mayPass: error.mayPass };
    throw error;
  }
  throw new Error('It was taken for an answer');
}

describe('an answer that OpenAI calls a success', () => {
  it.each([
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'filtered', false],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'cut', false],
    [{ status: 'incomplete' }, 'cut', false],
    [{ status: 'failed', error: { code: 'server_error' } }, 'busy', true],
    [{ status: 'failed', error: { code: 'rate_limit_exceeded' } }, 'busy', true],
    [{ status: 'failed', error: { code: 'invalid_prompt' } }, 'flagged', false],
    [{ status: 'failed', error: { code: 'image_content_policy_violation' } }, 'flagged', false],
    [{ status: 'failed' }, 'failed', false],
    [{ status: 'cancelled' }, 'failed', false],
    [{ status: 'completed', error: { code: 'server_error' } }, 'busy', true],
  ])('%j is none: %s', (response, why, mayPass) => {
    expect(refusalOf(() => requireComplete(response as Response))).toEqual({ why, mayPass });
  });

  it('is one when it is complete, or says nothing of it', () => {
    expect(() => requireComplete({ status: 'completed', error: null } as Response)).not.toThrow();
    expect(() => requireComplete({} as Response)).not.toThrow();
  });
});

const said = (...texts: string[]) => ({
  type: 'message',
  content: texts.map((text) => ({ type: 'output_text', text })),
});
const read = (...output: object[]) => readReply({ output } as unknown as Response);

describe('the reply', () => {
  it('is all that the model says, and not what it says on its way to it', () => {
    const aside = { ...said('Vou ver a agenda.'), phase: 'commentary' };
    expect(read({ type: 'reasoning' }, aside, said(' Tenho ', 'às 15h.'), said(' Serve? '))).toBe(
      'Tenho às 15h. Serve?',
    );
  });

  it('is never a call of a tool that was written as text', () => {
    const why = refusalOf(() => read(said('Claro! to=functions.find_free_slots {"from":"2026-11-24"}')));
    expect(why).toEqual({ why: 'failed', mayPass: true });
    expect(read(said('Fale com a gente: auto=functions'))).toBe('Fale com a gente: auto=functions');
  });

  it('is missing where the model declines, or says nothing', () => {
    const refusal = { type: 'message', content: [{ type: 'refusal', refusal: 'No' }] };
    expect(refusalOf(() => read(refusal))).toEqual({ why: 'declined', mayPass: false });
    expect(refusalOf(() => read(said('  \n')))).toEqual({ why: 'failed', mayPass: true });
    expect(refusalOf(() => read())).toEqual({ why: 'failed', mayPass: true });
  });
});

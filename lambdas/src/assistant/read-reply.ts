import type { ProposalFailure } from '@top-active/core/contracts';
import type { Response, ResponseOutputMessage } from 'openai/resources/responses/responses';

/** The model answered, and nothing of its answer may be offered as a reply. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly why: ProposalFailure;
  /** Another try may go better. */
  readonly mayPass: boolean;

  constructor(why: ProposalFailure, { mayPass = false, detail }: { mayPass?: boolean; detail: string }) {
    super(`The model gave no reply: ${detail}`);
    this.why = why;
    this.mayPass = mayPass;
  }
}

/**
 * OpenAI answers 200 also for what was cut off, filtered or failed, and gives the beginning of a text with it.
 * @throws {NoAnswer}
 */
export function requireComplete({ status, incomplete_details: incomplete, error }: Response): void {
  if (status === 'incomplete') {
    const why = incomplete?.reason === 'content_filter' ? 'filtered' : 'cut';
    throw new NoAnswer(why, { detail: `incomplete, ${incomplete?.reason ?? 'without a reason'}` });
  }
  if (status === 'failed' || status === 'cancelled' || error) {
    const code = error?.code ?? 'without a code';
    const mayPass = passing.has(code);
    const why = mayPass ? 'busy' : code.includes('policy') || code === 'invalid_prompt' ? 'flagged' : 'failed';
    throw new NoAnswer(why, { mayPass, detail: `${status ?? 'failed'}, ${code}` });
  }
}

const passing = new Set(['server_error', 'rate_limit_exceeded']);
/** Models of 2026 now and then write a call of a tool into the text: `to=functions.find_free_slots {…`. */
const debris = /\bto=functions\.\w/;

/**
 * The text of the reply: of the answer alone, not of what the model says on its way to it.
 * @throws {NoAnswer} a refusal, or no text
 */
export function readReply({ output }: Pick<Response, 'output'>): string {
  const messages = output.filter((item) => item.type === 'message').filter(({ phase }) => phase !== 'commentary');
  const text = textOf(messages).trim();
  if (debris.test(text)) throw new NoAnswer('failed', { mayPass: true, detail: 'a tool call written as text' });
  if (text !== '') return text;
  const isRefusal = messages.some(({ content }) => content.some(({ type }) => type === 'refusal'));
  throw isRefusal
    ? new NoAnswer('declined', { detail: 'a refusal' })
    : new NoAnswer('failed', { mayPass: true, detail: 'no text' });
}

function textOf(messages: readonly ResponseOutputMessage[]): string {
  return messages
    .flatMap(({ content }) => content.flatMap((part) => (part.type === 'output_text' ? [part.text] : [])))
    .join('');
}

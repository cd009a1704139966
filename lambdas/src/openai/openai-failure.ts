import { APIConnectionError, APIError, APIUserAbortError } from 'openai';

/**
 * Why OpenAI didn't do what it was asked.
 * - `key_refused`: it doesn't know the key. Only a new one helps.
 * - `no_credit`, `model_not_allowed`, `region`, `wrong_host`, `not_allowed`: it knows the key and doesn't serve it.
 * - `restricted`, `key_doubtful`: a 401 that doesn't say that the key is unknown. OpenAI has answered healthy keys so
 *   for minutes.
 * - `model_gone`: it doesn't have the model.
 * - `too_long`, `flagged`: this request alone, however often.
 * - `busy`, `unreachable`: may pass.
 * - `refused`: our own mistake, which would happen again.
 */
export type OpenAiFailure =
  | 'key_refused'
  | 'key_doubtful'
  | 'restricted'
  | 'no_credit'
  | 'model_not_allowed'
  | 'model_gone'
  | 'region'
  | 'wrong_host'
  | 'not_allowed'
  | 'too_long'
  | 'flagged'
  | 'busy'
  | 'unreachable'
  | 'refused';

/** Undefined: the error isn't OpenAI's. */
export function openAiFailureOf(error: unknown): OpenAiFailure | undefined {
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError) return 'unreachable';
  if (!(error instanceof APIError)) return undefined;
  const code = error.code ?? '';
  switch (error.status) {
    case 401:
      return ofUnauthorized(code, error.message);
    case 403:
      if (code === 'model_not_found') return 'model_not_allowed';
      if (/missing scopes/i.test(error.message)) return 'restricted';
      return code === 'unsupported_country_region_territory' ? 'region' : 'not_allowed';
    case 429:
      // The codes of a missing credit become more with time; their type is one.
      return error.type === 'insufficient_quota' || withoutCredit.has(code) ? 'no_credit' : 'busy';
    case 400:
    case 404:
      if (code === 'model_not_found') return 'model_gone';
      if (code === 'context_length_exceeded') return 'too_long';
      return code === 'invalid_prompt' ? 'flagged' : 'refused';
    case 408:
    case 409:
      return 'busy';
    default:
      return typeof error.status === 'number' && error.status >= 500 ? 'busy' : 'refused';
  }
}

function ofUnauthorized(code: string, message: string): OpenAiFailure {
  if (code === 'invalid_api_key') return 'key_refused';
  if (code === 'incorrect_hostname') return 'wrong_host';
  return /missing scopes/i.test(message) ? 'restricted' : 'key_doubtful';
}

const withoutCredit = new Set(['insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached']);

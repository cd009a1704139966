import type { OpenAiErrorOptions } from './openai-error.ts';

/**
 * A key whose project or restriction lacks what a call needs; also a passing disorder of OpenAI's, seen on healthy
 * keys.
 */
export function missingScope(scope: string): OpenAiErrorOptions {
  return {
    status: 401,
    message: `You have insufficient permissions for this operation. Missing scopes: ${scope}. Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes.`,
  };
}

const withoutCredit = (code: string, message: string): OpenAiErrorOptions => ({
  status: 429,
  type: 'insufficient_quota',
  code,
  message,
});

/**
 * How OpenAI refuses, by kind of fault. https://developers.openai.com/api/docs/guides/error-codes and what users
 * report.
 */
export const errorAnswers = {
  invalid_api_key: { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  missing_scope: missingScope('model.request'),
  incorrect_hostname: {
    status: 401,
    code: 'incorrect_hostname',
    message:
      'Attempted to access resource with incorrect regional hostname. Please make your request to eu.api.openai.com',
  },
  unsupported_country: {
    status: 403,
    type: 'request_forbidden',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  model_not_allowed: {
    status: 403,
    code: 'model_not_found',
    message: 'Project `proj_simulated` does not have access to this model.',
  },
  model_not_found: {
    status: 404,
    param: 'model',
    code: 'model_not_found',
    message: 'The model does not exist or you do not have access to it.',
  },
  /** As OpenAI said the same until 2026. */
  model_not_found_400: {
    status: 400,
    param: 'model',
    code: 'model_not_found',
    message: 'The requested model does not exist.',
  },
  insufficient_quota: withoutCredit(
    'insufficient_quota',
    'You exceeded your current quota, please check your plan and billing details.',
  ),
  credit_balance_exhausted: withoutCredit('credit_balance_exhausted', 'Your credit balance is exhausted.'),
  organization_spend_limit_exceeded: withoutCredit(
    'organization_spend_limit_exceeded',
    'Your organization has reached its spend limit.',
  ),
  project_spend_limit_exceeded: withoutCredit(
    'project_spend_limit_exceeded',
    'Your project has reached its spend limit.',
  ),
  organization_usage_limit_exceeded: withoutCredit(
    'organization_usage_limit_exceeded',
    'Your organization has reached the usage limit of its tier.',
  ),
  context_length_exceeded: {
    status: 400,
    param: 'input',
    code: 'context_length_exceeded',
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
  },
  invalid_prompt: {
    status: 400,
    code: 'invalid_prompt',
    message: 'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again.',
  },
  rate_limit_exceeded: {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached for requests. Please try again in 1s.',
  },
  slow_down: {
    status: 429,
    type: 'rate_limit_error',
    code: 'slow_down',
    message: 'Your traffic rises too quickly. Please slow down and try again.',
  },
  server_error: {
    status: 500,
    type: 'server_error',
    code: 'server_error',
    message: 'The server had an error while processing your request. Sorry about that!',
  },
  server_is_overloaded: {
    status: 503,
    type: 'service_unavailable_error',
    code: 'server_is_overloaded',
    message: 'Our servers are currently overloaded. Please try again later.',
  },
} as const satisfies Record<string, OpenAiErrorOptions>;

/** Kinds that OpenAI asks to come back for. */
export const comesWithRetryAfter: ReadonlySet<string> = new Set([
  'rate_limit_exceeded',
  'slow_down',
  'server_is_overloaded',
]);

import { problemSchema, problemStatuses, type Problem, type ProblemCode } from '@top-active/core/contracts';
import { AppError } from '@top-active/core/errors';
import { problemContentType, problemOf } from './problem.ts';

/** What can go wrong with a request before its use case begins. */
const ofEveryRoute: readonly ProblemCode[] = ['internal'];
export const ofBodies: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'unsupported_media_type',
  'body_too_large',
];

/**
 * Of every route behind the JWT authorizer. API Gateway itself answers a missing or expired token without a problem
 * body.
 */
export const ofTokens: readonly ProblemCode[] = ['unauthorized'];

/** `security` of a route behind the JWT authorizer. */
export const bearer = [{ bearer: [] }];

const documentedSchema = problemSchema.meta({ id: 'Problem' });

/**
 * The refusals of a route for its OpenAPI description, one example each. The type is empty on purpose: handlers
 * throw refusals, they don't return them.
 */
export function problemResponses(...codes: readonly ProblemCode[]): object {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...codes, ...ofEveryRoute])) {
    const status = problemStatuses[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, ofStatus]) => [status, response(ofStatus)]));
}

function response(codes: readonly ProblemCode[]) {
  return {
    description: codes.map((code) => `\`${code}\`: ${new AppError(code).message}`).join('\n\n'),
    content: {
      [problemContentType]: {
        schema: documentedSchema,
        examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
      },
    },
  };
}

function example(code: ProblemCode): Problem {
  const better = {
    ...(code === 'too_many_attempts' && { retryAfter: 8 }),
    ...(code === 'invalid_request' && {
      errors: [{ field: 'email', message: 'email is missing', remedy: 'Send email as a string.' }],
    }),
  };
  return problemOf(new AppError(code, better), 'JKJaXmPLvHcESHA=');
}

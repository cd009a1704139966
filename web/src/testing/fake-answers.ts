import { problemStatuses, type Problem, type ProblemCode } from '@top-active/core/contracts';

export function respond(body: unknown, status: number, headers?: HeadersInit): Response {
  const response = new Response(JSON.stringify(body), { status, ...(headers ? { headers } : {}) });
  response.headers.set('content-type', 'application/json');
  return response;
}

export function refusal(code: ProblemCode): Response {
  return respond(problemOf(code), problemStatuses[code]);
}

export function problemOf(code: ProblemCode, status: number = problemStatuses[code]): Problem {
  return { type: `urn:problem:${code}`, title: code, status, code, detail: code, remedy: '', instance: 'request-1' };
}

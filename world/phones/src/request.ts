const timeoutMs = 15_000;

/** Codes of the control interface, and `unreachable` where nobody or somebody else answered. */
const failureCodes = ['invalid', 'not-found', 'conflict', 'expired', 'too-large', 'unreachable'] as const;
export type FailureCode = (typeof failureCodes)[number];

/** What went wrong at the control interface. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** @throws ControlError */
export async function requestJson<T>(request: {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  path: string;
  body?: object | undefined;
}): Promise<T> {
  const { method, path, body } = request;
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    text = await response.text();
  } catch (cause) {
    throw new ControlError('unreachable', `${method} ${path} was not answered`, cause);
  }
  if (!response.ok) throw refusal(text, `${method} ${path}: ${response.status}`);
  const answer: T = text === '' ? undefined : JSON.parse(text);
  return answer;
}

function refusal(text: string, request: string): ControlError {
  try {
    const { error }: { error?: { code?: string; message?: string } } = JSON.parse(text);
    const code = failureCodes.find((known) => known === error?.code);
    if (code) return new ControlError(code, error?.message ?? request);
  } catch (cause) {
    // A proxy or another server answers in its own words.
    return new ControlError('unreachable', request, cause);
  }
  return new ControlError('unreachable', request);
}

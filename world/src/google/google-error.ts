import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export interface GoogleErrorOptions {
  /** HTTP status. */
  code: ContentfulStatusCode;
  reason: string;
  message: string;
  /** `global` by default. */
  domain?: 'global' | 'calendar' | 'usageLimits' | undefined;
  location?: { type: 'header' | 'parameter'; name: string } | undefined;
  /** Canonical status of newer errors, such as PERMISSION_DENIED. */
  status?: string | undefined;
  details?: object[] | undefined;
  headers?: Record<string, string> | undefined;
}

/** A refusal of the Calendar API. https://developers.google.com/workspace/calendar/api/guides/errors */
export class GoogleError extends Error {
  override readonly name = 'GoogleError';
  readonly options: GoogleErrorOptions;

  constructor(options: GoogleErrorOptions) {
    super(options.message);
    this.options = options;
  }
}

export function sendGoogleError(c: Context, error: GoogleError): Response {
  const { code, reason, message, domain = 'global', location, status, details, headers } = error.options;
  for (const [name, value] of Object.entries(headers ?? {})) c.header(name, value);
  return c.json(
    {
      error: {
        code,
        message,
        errors: [
          { message, domain, reason, ...(location && { locationType: location.type, location: location.name }) },
        ],
        ...(status && { status }),
        ...(details && { details }),
      },
    },
    code,
  );
}

export function invalid(message: string, parameter?: string): GoogleError {
  return new GoogleError({
    code: 400,
    reason: 'invalid',
    message,
    location: parameter === undefined ? undefined : { type: 'parameter', name: parameter },
  });
}

export function required(message: string): GoogleError {
  return new GoogleError({ code: 400, reason: 'required', message });
}

export function emptyTimeRange(): GoogleError {
  return new GoogleError({
    code: 400,
    reason: 'timeRangeEmpty',
    message: 'The specified time range is empty.',
    domain: 'calendar',
  });
}

export function notFound(): GoogleError {
  return new GoogleError({ code: 404, reason: 'notFound', message: 'Not Found' });
}

export function preconditionFailed(): GoogleError {
  return new GoogleError({
    code: 412,
    reason: 'conditionNotMet',
    message: 'Precondition Failed',
    location: { type: 'header', name: 'If-Match' },
  });
}

export function unauthorized(message = 'Invalid Credentials'): GoogleError {
  return new GoogleError({
    code: 401,
    reason: 'authError',
    message,
    location: { type: 'header', name: 'Authorization' },
    status: 'UNAUTHENTICATED',
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  });
}

export function scopeMissing(method: string, scopes: readonly string[]): GoogleError {
  return new GoogleError({
    code: 403,
    reason: 'insufficientPermissions',
    message: 'Request had insufficient authentication scopes.',
    status: 'PERMISSION_DENIED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
        metadata: { service: 'calendar-json.googleapis.com', method },
      },
    ],
    headers: {
      'www-authenticate': `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${scopes.join(' ')}"`,
    },
  });
}

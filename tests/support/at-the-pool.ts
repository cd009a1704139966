import type { Cloud } from '@top-active/local/stack/boot-cloud';
import { z } from 'zod';

/** What Cognito answers: the fields of a success, or the name and text of an error. */
export interface PoolAnswer {
  refused: string | undefined;
  message: string;
  body: Readonly<Record<string, unknown>>;
}

const answerSchema = z.looseObject({ __type: z.string().optional(), message: z.string().default('') });

/** One of Cognito's public operations, as any browser can ask for it: no signature, no secret, no SDK. */
export async function askPool(
  { endpoints }: Pick<Cloud, 'endpoints'>,
  operation: string,
  input: object,
): Promise<PoolAnswer> {
  const response = await fetch(endpoints.cognito, {
    method: 'POST',
    signal: AbortSignal.timeout(10_000),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const { __type: type, message, ...body } = answerSchema.parse(await response.json());
  return { refused: response.ok ? undefined : (type ?? String(response.status)), message, body };
}

import { z } from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const resultSchema = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Version: z.string().optional(),
    Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: oneOrMore, Resource: oneOrMore })),
  }),
  // A context value that is an object or a list makes API Gateway refuse the whole answer.
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
});

export type AuthorizerDecision =
  /** `context`: principalId and what else the function wants to know later; all strings. */
  { allowed: true; context: Record<string, string> } | { allowed: false };

/**
 * Reads what a Lambda authorizer answered and evaluates its policy. Undefined: it is no valid answer.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function decide(result: unknown, methodArn: string): AuthorizerDecision | undefined {
  const parsed = resultSchema.safeParse(result);
  if (!parsed.success) return undefined;
  const { principalId, policyDocument, context } = parsed.data;
  const applying = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => matches(pattern.toLowerCase(), 'execute-api:invoke')) &&
      Resource.some((pattern) => matches(pattern, methodArn)),
  );
  const effects = new Set(applying.map(({ Effect }) => Effect));
  if (!effects.has('Allow') || effects.has('Deny')) return { allowed: false };
  const texts = Object.entries(context ?? {}).map(([name, value]) => [name, String(value)]);
  return { allowed: true, context: { ...Object.fromEntries(texts), principalId } };
}

/** IAM wildcards: `*` any number of characters, `?` exactly one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

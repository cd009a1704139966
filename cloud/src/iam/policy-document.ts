import { z } from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]);
const conditionValue = z.union([z.string(), z.boolean(), z.number()]).transform(String);

const statementSchema = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.union([conditionValue, z.array(conditionValue)]))).optional(),
});
const policySchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([z.array(statementSchema), statementSchema.transform((statement) => [statement])]),
});

export type Statement = z.output<typeof statementSchema>;
export interface PolicyDocument {
  Version?: string | undefined;
  Statement: Statement[];
}

/** Where a policy comes from and what it governs. */
export interface Policy {
  /** Stack and logical id, or the ARN of a policy of AWS. */
  source: string;
  /** `identity`: what `owner`, a role, may do. Otherwise: what others may do with `owner`. */
  kind: 'identity' | 'trust' | 'resource';
  /** ARN. */
  owner: string;
  document: PolicyDocument;
}

/** @throws ZodError on anything that is not a policy. */
export function readPolicyDocument(value: unknown): PolicyDocument {
  const { Version, Statement } = policySchema.parse(value);
  return { Version: Version ?? '2012-10-17', Statement };
}

/** One value or several, as policies write both. */
export function listOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}

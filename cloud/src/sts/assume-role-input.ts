import { z } from 'zod';
import { AwsError } from '../wire/aws-error.ts';

const tag = z.object({
  Key: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u),
  Value: z
    .string()
    .max(256)
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u),
});

/** An empty list is written as `Tags=`. */
function list<Item extends z.ZodType>(item: Item, max: number) {
  return z
    .union([z.array(item).max(max), z.literal('').transform((): z.output<Item>[] => [])])
    .optional()
    .transform((items): z.output<Item>[] => items ?? []);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRoleInput = z.object({
  RoleArn: z
    .string()
    .min(20)
    .max(2048)
    .regex(/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/),
  RoleSessionName: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[\w+=,.@-]+$/),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3600),
  Policy: z.string().min(1).max(2048).optional(),
  PolicyArns: list(z.object({ arn: z.string() }), 10),
  Tags: list(tag, 50),
  TransitiveTagKeys: list(z.string().min(1).max(128), 50),
});

export type AssumeRoleInput = z.output<typeof assumeRoleInput>;

/** What a shape can't say. Throws ValidationError or MalformedPolicyDocument. */
export function checkAssumeRole(input: AssumeRoleInput): void {
  const keys = input.Tags.map(({ Key }) => Key);
  // Tag keys are told apart without regard to case.
  if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) {
    throw stsError(
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  const missing = input.TransitiveTagKeys.find((key) => !keys.includes(key));
  if (missing !== undefined) {
    throw stsError(
      'InvalidParameterValue',
      `The specified transitive tag key ${missing} must be included in the tags.`,
    );
  }
  if (input.Policy !== undefined && !isPolicy(input.Policy)) {
    throw stsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

function isPolicy(text: string): boolean {
  try {
    return z.object({ Statement: z.unknown() }).safeParse(JSON.parse(text)).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

export function stsError(code: string, message: string, status = 400): AwsError {
  return new AwsError({ code, message, status });
}

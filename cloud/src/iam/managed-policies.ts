import type { PolicyDocument } from './policy-document.ts';

/**
 * The policies of AWS that roles of this deployment carry.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSXRayDaemonWriteAccess.html
 */
const documents: Readonly<Record<string, PolicyDocument>> = {
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AWSXRayDaemonWriteAccess',
        Effect: 'Allow',
        Action: [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
          'xray:GetSamplingStatisticSummaries',
        ],
        Resource: ['*'],
      },
    ],
  },
};

/** @throws Error for a policy of AWS whose document is not here: what it grants would be missing silently. */
export function managedPolicy(arn: string): PolicyDocument {
  const found = documents[arn];
  if (!found)
    throw new Error(`${arn} is attached to a role: put its document, from AWS's reference, into managed-policies.ts.`);
  return found;
}

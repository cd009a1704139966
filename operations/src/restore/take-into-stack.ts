import type { Environment } from '@top-active/infra/config';
import { restoredMappingId } from '@top-active/infra/restored-mapping';
import { stackName } from '@top-active/infra/stack-name';

/**
 * The steps by hand after which CloudFormation knows the mapping that a restore has created, and no longer expects the
 * deleted one.
 */
export function takeIntoStack({
  stage,
  mappingId,
  streamArn,
}: {
  stage: Environment['stage'];
  /** Lambda's id of it. */
  mappingId: string;
  streamArn: string;
}): string {
  const workers = stackName({ stage }, 'workers');
  const found = JSON.stringify({ [restoredMappingId(streamArn)]: { Id: mappingId } });
  return `
  Before the next deployment, import the mapping into the stack:

  1. In infra/src/environments.ts, for ${stage}:  itemsStream: '${streamArn}',
  2. npm run deploy -- --stage ${stage} --check
  3. npx cdk import ${workers} --app infra/cdk.out/${stage} --force --resource-mapping-inline '${found}'
  4. npx cdk deploy ${workers} --exclusively --app infra/cdk.out/${stage}`;
}

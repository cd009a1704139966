export { createAuthorizer, type AccessEvent, type Authorizer, type Denial } from './authorizer.ts';
export { loadTemplates } from './cloud-assembly.ts';
export { readDeployment, type Deployment } from './deployment.ts';
export { createDynamoDbDoor } from './dynamodb-door.ts';
export { encryptionAccess } from './encryption-access.ts';
export { conditionKeysOf, createEvaluator, type Caller, type Evaluator } from './evaluator.ts';
export type { Policy, Statement } from './policy-document.ts';
export { createInvokePermissions, type InvokePermissions } from './invoke-permission.ts';
export { createSqsS3Door } from './sqs-s3-door.ts';

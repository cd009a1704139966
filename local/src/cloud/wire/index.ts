export { localAccountId, localRegion } from './account.ts';
export { AwsError } from './aws-error.ts';
export { readCredentials } from './credentials.ts';
export type { AuthorizationRequest, Authorize } from './operation.ts';

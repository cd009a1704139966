export { localAccountId, localRegion } from './account.ts';
export { AwsError } from './aws-error.ts';
export { readCredentials, type Credentials } from './credentials.ts';
export type { Access, AuthorizationRequest, Authorize } from './operation.ts';

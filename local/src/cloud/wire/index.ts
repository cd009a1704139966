export { localAccountId, localRegion } from './account.ts';
export { AwsError, type AwsErrorOptions } from './aws-error.ts';
export { readCredentials, type Credentials } from './credentials.ts';
export type { Emulator, EmulatorOptions } from './emulator.ts';
export type { Access, AuthorizationRequest, Authorize } from './operation.ts';

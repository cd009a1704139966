export { createGoogleControl } from './control.ts';
export type { Fault as GoogleFault } from './faults.ts';
export type { GoogleAccount, OAuthClient } from './types.ts';
export { createGoogleWorld, type GoogleWorld, type GoogleWorldOptions } from './world.ts';

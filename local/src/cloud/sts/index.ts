export { createStsEmulator, type StsEmulator } from './emulator.ts';
export type { Principal, RegisteredPrincipal, RoleSession } from './principal-store.ts';

export { createStsEmulator, type StsEmulator } from './emulator.ts';
export { roleId } from './principal-store.ts';
export type { Principal, RegisteredPrincipal, RoleSession } from './principal-store.ts';

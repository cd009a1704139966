export { createKmsEmulator, type KmsEmulator } from './emulator.ts';

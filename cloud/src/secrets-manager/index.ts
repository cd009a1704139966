export { createSecretsManagerEmulator } from './emulator.ts';

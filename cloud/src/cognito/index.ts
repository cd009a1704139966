export {
  createCognitoEmulator,
  type CognitoEmulator,
  type CognitoEmulatorOptions,
  type EnsuredPool,
  type EnsurePoolOptions,
} from './emulator.ts';
export type { Fault } from './faults.ts';
export type { InvokeTrigger } from './token-trigger.ts';
export type { CognitoMail, CognitoMailKind } from './mail.ts';

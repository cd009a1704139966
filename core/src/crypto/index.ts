export { encodeContext } from './context.ts';
export type { SecretContext } from './context.ts';
export { EnvelopeError, openEnvelope, sealEnvelope, wrappedKeyOf } from './envelope.ts';
export type { SealOptions } from './envelope.ts';

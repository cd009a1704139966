export { createOpenAiControl } from './control.ts';
export type { Fault as OpenAiFault } from './faults.ts';
export { demoKey, type SimulatedKey } from './keys.ts';
export type { Script as OpenAiScript } from './script.ts';
export { createOpenAiWorld, type OpenAiWorld, type OpenAiWorldOptions } from './world.ts';

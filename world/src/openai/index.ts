export { createOpenAiControl } from './control.ts';
export { createOpenAiWorld, type OpenAiWorld } from './world.ts';

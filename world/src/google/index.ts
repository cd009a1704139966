export { createGoogleControl } from './control.ts';
export { createGoogleWorld, type GoogleWorld } from './world.ts';

/** The engine by itself, for tests that put it before the simulated WhatsApp. */
export { createSharedUserHomes } from '../browser/homes/shared-user-homes.ts';
export type { BrowserHome } from '../browser/homes/browser-home.ts';
export { guardRejections, runInSession } from '../session/session-context.ts';
export { createWhatsAppWebEngine } from './whatsapp-web/create-engine.ts';
export { repairNames } from './whatsapp-web/page/repairs/index.ts';
export type { EngineEvent, EngineSession } from './engine.ts';

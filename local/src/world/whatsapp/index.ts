export { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
export { newestBuild, pageBuilds, type PageBuild } from './page-builds.ts';
export type { PageChanges, PageSettings } from './page-settings.ts';
export { createWhatsAppControl } from './control.ts';

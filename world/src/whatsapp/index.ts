export { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
export { newestBuild, pageBuilds, pageVersions, type PageBuild } from './page-builds.ts';
export type { PageChanges } from './page-settings.ts';
export { createWhatsAppControl } from './control.ts';

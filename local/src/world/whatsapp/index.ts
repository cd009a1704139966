export { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
export {
  newestBuild,
  pageBuilds,
  pageChangesSchema,
  type PageBuild,
  type PageChanges,
  type PageSettings,
} from './page-settings.ts';
export { createWhatsAppControl } from './control.ts';

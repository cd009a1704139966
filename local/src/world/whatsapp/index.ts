export { createWhatsAppWorld, type WhatsAppWorld } from './server.ts';
export { createWhatsAppControl } from './control.ts';

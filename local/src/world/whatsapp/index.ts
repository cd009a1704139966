export { createWhatsAppWorld, type WhatsAppWorld, type WhatsAppWorldOptions } from './server.ts';
export { createWhatsAppControl } from './control.ts';
export { WhatsAppRefusal, type RefusalCode } from './errors.ts';
export type { FaultAction, Faults } from './faults.ts';
export type { HistoryInput, PhoneHand, SendInput } from './phone-hand.ts';
export type { PhoneChanges, PhoneInput } from './accounts.ts';
export type { Room } from './rooms.ts';
export type {
  Ack,
  Addressing,
  Chat,
  ChatKind,
  LinkedDevice,
  MediaFacts,
  MediaInput,
  Message,
  MessageType,
  Phone,
  PhoneState,
  Reaction,
  WorldEvent,
  WorldEventKind,
} from './types.ts';

export { createMailboxControl } from './control.ts';
export type { Mailbox } from './mail.ts';
export { createMailbox } from './mailbox.ts';

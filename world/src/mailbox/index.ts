export { createMailboxControl } from './control.ts';
export { createMailbox, type Mailbox } from './mailbox.ts';

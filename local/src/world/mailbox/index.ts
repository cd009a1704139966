export { createMailboxControl } from './control.ts';
export { createMailbox, type Mail, type Mailbox } from './mailbox.ts';

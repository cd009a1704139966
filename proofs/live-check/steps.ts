import type { Message } from '@top-active/core/contracts';

export const stepNames = [
  'link',
  'history',
  'receive',
  'send',
  'delivered',
  'read',
  'by-hand',
  'edit',
  'delete',
  'reaction',
  'quote',
  'voice',
  'picture',
  'restart',
  'unlink',
] as const;
export type StepName = (typeof stepNames)[number];

/**
 * What the person does with the second phone, and by which message in the chat with it the app shows that it
 * understood.
 */
export interface HandStep {
  step: StepName;
  instruction: string;
  isDone: (message: Message) => boolean;
  /** Messages that stood there before don't count. */
  onlyNew: boolean;
}

const isFromCustomer = ({ author }: Message) => author === 'customer';
const isBySending = ({ author, commandId }: Message) => author === 'owner' && commandId !== undefined;

/** In this order: each rests on what the ones before have left in the chat. */
export const handSteps: readonly HandStep[] = [
  {
    step: 'delivered',
    instruction: 'Keep the second phone connected to the internet.',
    isDone: (message) => isBySending(message) && (message.delivery === 'delivered' || message.delivery === 'read'),
    onlyNew: false,
  },
  {
    step: 'read',
    instruction:
      'Open the conversation on the second phone, so that the message counts as read. Read receipts must be on.',
    isDone: (message) => isBySending(message) && message.delivery === 'read',
    onlyNew: false,
  },
  {
    step: 'by-hand',
    instruction: 'Send any text from the linked phone itself, not from the app, to the second phone.',
    isDone: ({ author, commandId, kind }) => author === 'owner' && commandId === undefined && kind === 'text',
    onlyNew: true,
  },
  {
    step: 'edit',
    instruction: 'On the second phone, edit a text that you sent from there: press and hold it, then choose Edit.',
    isDone: (message) => isFromCustomer(message) && message.edited,
    onlyNew: false,
  },
  {
    step: 'delete',
    instruction: 'On the second phone, delete the edited text for everyone.',
    isDone: (message) => isFromCustomer(message) && message.kind === 'revoked' && message.text === '',
    onlyNew: false,
  },
  {
    step: 'reaction',
    instruction: 'On the second phone, react with an emoji to the message that the app sent.',
    isDone: (message) =>
      isBySending(message) && (message.reactions?.some(({ author }) => author === 'customer') ?? false),
    onlyNew: false,
  },
  {
    step: 'quote',
    instruction: 'On the second phone, reply to the message that the app sent: swipe it, then write your answer.',
    isDone: (message) => isFromCustomer(message) && message.quoted?.author === 'owner',
    onlyNew: true,
  },
  {
    step: 'voice',
    instruction: 'Send a voice message of a few seconds from the second phone.',
    isDone: (message) => isFromCustomer(message) && message.kind === 'voice',
    onlyNew: true,
  },
  {
    step: 'picture',
    instruction: 'Send a picture from the second phone.',
    isDone: (message) => isFromCustomer(message) && message.kind === 'image',
    onlyNew: true,
  },
];

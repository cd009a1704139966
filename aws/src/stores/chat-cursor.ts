import { chatIdSchema, instantSchema } from '@top-active/core/contracts';
import { invalidField } from '../items/invalid-field.ts';

/** The cursor is a place in the index, nothing else: a forged one can only begin elsewhere in the user's own list. */
export function encodeChatCursor(activity: string): string {
  return Buffer.from(activity, 'utf8').toString('base64url');
}

/** @throws {AppError} `invalid_request` naming `cursor` */
export function decodeChatCursor(cursor: string): string {
  const activity = Buffer.from(cursor, 'base64url').toString('utf8');
  const [updatedAt, chatId, ...rest] = activity.split('#');
  const valid =
    rest.length === 0 && instantSchema.safeParse(updatedAt).success && chatIdSchema.safeParse(chatId).success;
  if (!valid || encodeChatCursor(activity) !== cursor)
    throw invalidField({
      field: 'cursor',
      message: 'is not a cursor of this list',
      remedy: 'Pass `next` of an earlier page as it is, or leave it out to begin with the newest chats.',
    });
  return activity;
}

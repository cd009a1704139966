import type { Restriction, SendFailure } from '@top-active/core/contracts';
import type { BeforeSending } from '../page/calls/ask-before-sending.ts';

/** Why WhatsApp would refuse a message, by what holds now; undefined: it wouldn't. */
export function refusalOf(answer: BeforeSending, restrictions: readonly Restriction[]): SendFailure | undefined {
  if (answer.blocked) return 'blocked_by_owner';
  const limited = new Set(restrictions.filter(({ level }) => level === 'limited').map(({ kind }) => kind));
  if (limited.has('reachout') && !answer.whileTimelocked) return 'reachout_restricted';
  return limited.has('new_chats') && !answer.whileCapped ? 'new_chats_used_up' : undefined;
}

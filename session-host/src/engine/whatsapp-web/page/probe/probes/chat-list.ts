import type { ProbeContext } from '../probe-context.ts';

/** Nearly every chat that has messages says who it is with and when its newest came. */
export function probeChatList({ need, expects, expectsFunction }: ProbeContext): void {
  expectsFunction('WAWebCollections', 'Chat.getModelsArray');
  const chats = (need('WAWebCollections')?.Chat?.getModelsArray?.() ?? []).slice(0, 200);
  const named = chats.filter(({ id }) => typeof id?.user === 'string' && typeof id.server === 'string');
  const withMessages = named.filter(({ msgs }) => (msgs?.getModelsArray?.().length ?? 0) > 0);
  const dated = withMessages.filter(({ t }) => typeof t === 'number');
  expects('Chat.id.user, server', named.length >= chats.length * 0.9);
  expects('Chat.t', dated.length >= withMessages.length * 0.9);
}

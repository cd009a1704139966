import type { Msg } from './page-modules.ts';
import type { PreludeWindow } from './repair-context.ts';

/**
 * Makes `modelOf`: a message's data as JSON, as the library would give it to the host. One that the library can't take
 * apart, or that is too large, still gives what tells whose it is and what it says; undefined is only for one without
 * an id. Its source goes into the page.
 */
export function createModelOf(): (message: Msg) => string | undefined {
  const page = globalThis as unknown as PreludeWindow;
  const { stringify } = JSON;
  const largest = 1_000_000;
  const longestText = 70_000;

  const whole = (message: Msg): string | undefined => {
    const library = page.WWebJS?.getMessageModel;
    // What comes from the page's database is data already.
    return stringify(typeof message.serialize === 'function' && library ? library(message) : message);
  };

  const clipped = (text: unknown): string | undefined =>
    typeof text === 'string' ? text.slice(0, longestText) : undefined;
  const textOf = (id: unknown): string | undefined => (id === undefined || id === null ? undefined : String(id));

  const bare = ({
    id,
    t,
    type,
    subtype,
    ack,
    body,
    caption,
    from,
    to,
    author,
    notifyName,
  }: Msg): string | undefined => {
    if (typeof id?.id !== 'string' || typeof id.fromMe !== 'boolean' || !id.remote) return undefined;
    const { fromMe, remote, self, participant } = id;
    return stringify({
      id: { fromMe, remote: textOf(remote), id: id.id, self, participant: textOf(participant) },
      t,
      type,
      subtype,
      ack,
      body: clipped(body),
      caption: clipped(caption),
      from: textOf(from),
      to: textOf(to),
      author: textOf(author),
      notifyName: clipped(notifyName),
    });
  };

  return (message) => {
    try {
      const text = whole(message);
      if (text !== undefined && text.length <= largest) return text;
    } catch {
      // Below, with less.
    }
    try {
      return bare(message);
    } catch {
      // Counted as unreadable by whoever asked.
      return undefined;
    }
  };
}

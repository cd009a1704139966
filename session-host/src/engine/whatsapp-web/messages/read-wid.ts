/** `<user>@<server>`, in which the user may name one of its devices: `<user>:<device>@<server>`. */
const widPattern = /^([^@\s]{1,64}?)(?::\d+)?@([a-z.]{1,32})$/;

/**
 * The text of one of WhatsApp's ids of people, groups and the like, without the device. Undefined for what is none.
 * @param wid a text, or what is left of the page's own object outside the page: `{ user, server, … }`
 */
export function readWid(wid: unknown): string | undefined {
  if (typeof wid === 'string') return parseWid(wid);
  if (typeof wid !== 'object' || wid === null) return undefined;
  const user: unknown = Reflect.get(wid, 'user');
  const server: unknown = Reflect.get(wid, 'server');
  if (typeof user === 'string' && typeof server === 'string') return parseWid(`${user}@${server}`);
  const text: unknown = Reflect.get(wid, '_serialized');
  return typeof text === 'string' ? parseWid(text) : undefined;
}

function parseWid(text: string): string | undefined {
  const [, user, server] = widPattern.exec(text.replace(/@s\.whatsapp\.net$/, '@c.us')) ?? [];
  return user === undefined || server === undefined ? undefined : `${user}@${server}`;
}

/** What was sent to people or groups; not status, channels and lists of recipients. */
export function isConversation(peer: string): boolean {
  return /@(?:c\.us|lid|g\.us)$/.test(peer);
}

export function isGroup(peer: string): boolean {
  return peer.endsWith('@g.us');
}

/** International digits without plus, where the id is a number. A hidden id's digits are none. */
export function phoneOf(wid: string): string | undefined {
  return /^(\d{5,20})@c\.us$/.exec(wid)?.[1];
}

/** WhatsApp's ids as its page has them. The library reads their own properties, so the names are WhatsApp's. */

export function idText(id: unknown): string {
  if (typeof id === 'string') return id;
  if (id instanceof Wid || id instanceof MsgKey) return id.toString();
  if (typeof id === 'object' && id !== null && '_serialized' in id) {
    const { _serialized: text } = id;
    return String(text);
  }
  if (typeof id === 'object' && id !== null && 'id' in id) return idText(id.id);
  return String(id);
}

/** A person, group, newsletter or broadcast: `<user>@<server>`. */
export class Wid {
  readonly server: string;
  readonly user: string;
  declare readonly _serialized: string;
  static textProperty = '_serialized';
  readonly #text: string;

  constructor(text: string) {
    const [user = '', server = ''] = text.replace('@s.whatsapp.net', '@c.us').split('@');
    this.server = server;
    // `<number>:<device>` names one of somebody's devices; chats don't care which.
    this.user = user.split(':')[0] ?? '';
    this.#text = `${this.user}@${server}`;
    Object.assign(this, { [Wid.textProperty]: this.#text });
  }

  isUser(): boolean {
    return this.server === 'c.us' || this.server === 'lid';
  }
  isLid(): boolean {
    return this.server === 'lid';
  }
  isGroup(): boolean {
    return this.server === 'g.us';
  }
  isNewsletter(): boolean {
    return this.server === 'newsletter';
  }
  isStatus(): boolean {
    return this.#text === 'status@broadcast';
  }
  isBroadcast(): boolean {
    return this.server === 'broadcast';
  }
  equals(other: unknown): boolean {
    return other !== undefined && other !== null && idText(other) === this.#text;
  }
  toJid(): string {
    return this.#text.replace('@c.us', '@s.whatsapp.net');
  }
  toString(): string {
    return this.#text;
  }
  toJSON(): string {
    return this.#text;
  }
}

/** @throws Error for what can't be an id, as WhatsApp's own factory does */
export function wid(id: unknown): Wid {
  if (id instanceof Wid) return id;
  const text = idText(id);
  if (!/^[^@]+@[^@]+$/.test(text)) throw new Error(`wid error: invalid wid: ${text}`);
  return new Wid(text);
}

type Self = 'in' | 'out';

/** Either who wrote to whom, or which way it went and with whom. */
interface KeyParts {
  id: string;
  from?: Wid | undefined;
  to?: Wid | undefined;
  fromMe?: boolean | undefined;
  remote?: Wid | undefined;
  participant?: Wid | undefined;
  /** Which of the two one was, in the chat with oneself. */
  selfDir?: Self | undefined;
}

/**
 * A message: `<fromMe>_<remote>_<id>[_<self>][_<participant>]`. The text is a property of each key, whose name depends
 * on the page's build: outside this class only `toString` is sure to tell it.
 */
export class MsgKey {
  static textProperty = '_serialized';
  /** Set once the page knows whose it is: until then no key can be made. */
  static isOwn: (id: Wid) => boolean = () => {
    throw new Error('MsgKey error: me is undefined');
  };

  readonly fromMe: boolean;
  readonly remote: Wid;
  readonly id: string;
  declare readonly self?: Self;
  declare readonly participant?: Wid;

  /**
   * @throws Error for parts of both shapes or of neither, for a part that is no `Wid`, and before the page knows whose
   * it is
   */
  constructor(parts: KeyParts) {
    const { id, participant } = parts;
    const { fromMe, remote } = directionOf(parts);
    for (const part of [remote, ...(participant === undefined ? [] : [participant])]) {
      if (!(part instanceof Wid)) throw new TypeError(`MsgKey error: not a wid: ${String(part)}`);
    }
    this.fromMe = fromMe;
    this.remote = remote;
    this.id = id;
    if (MsgKey.isOwn(remote)) this.self = parts.selfDir ?? (fromMe ? 'out' : 'in');
    if (participant !== undefined) this.participant = participant;
    const text = [String(fromMe), remote, id, this.self, participant].filter((part) => part !== undefined).join('_');
    // A plain assignment, as on WhatsApp's page: a setter of the prototype's would hear of it.
    Object.assign(this, { [MsgKey.textProperty]: text });
  }

  static from(key: unknown): MsgKey {
    return key instanceof MsgKey ? key : MsgKey.fromString(idText(key));
  }

  static fromString(text: string): MsgKey {
    const [fromMe, remote, id, ...rest] = text.split('_');
    if (remote === undefined || id === undefined) throw new Error(`MsgKey error: invalid key: ${text}`);
    const selfDir = rest.find((part) => part === 'in' || part === 'out');
    const participant = rest.find((part) => part.includes('@'));
    const who = participant === undefined ? undefined : wid(participant);
    return new MsgKey({ fromMe: fromMe === 'true', remote: wid(remote), id, selfDir, participant: who });
  }

  /** As WhatsApp Web makes them: `3EB0` and 18 hex digits. */
  static newId(): Promise<string> {
    return Promise.resolve(`3EB0${randomHex(9)}`);
  }

  clone(): MsgKey {
    return MsgKey.fromString(this.toString());
  }
  equals(other: unknown): boolean {
    return other instanceof MsgKey && other.toString() === this.toString();
  }
  toString(): string {
    return String(Reflect.get(this, MsgKey.textProperty));
  }
}

/** Who wrote is what counts, whatever `selfDir` says. */
function directionOf({ from, to, fromMe, remote }: KeyParts): { fromMe: boolean; remote: Wid } {
  const byPeople = from !== undefined && to !== undefined;
  const byDirection = fromMe !== undefined && remote !== undefined;
  if (byPeople && !byDirection) {
    const isMine = MsgKey.isOwn(from);
    return { fromMe: isMine, remote: isMine ? to : from };
  }
  if (byDirection && !byPeople) return { fromMe, remote };
  throw new Error('MsgKey error: either from and to, or fromMe and remote');
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** WhatsApp's ids as its page has them. The library reads their own properties, so the names are WhatsApp's. */

export function idText(id: unknown): string {
  if (typeof id === 'string') return id;
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
  readonly #text: string;

  constructor(text: string) {
    const [user = '', server = ''] = text.replace('@s.whatsapp.net', '@c.us').split('@');
    this.server = server;
    // `<number>:<device>` names one of somebody's devices; chats don't care which.
    this.user = user.split(':')[0] ?? '';
    this.#text = `${this.user}@${server}`;
    Object.assign(this, { _serialized: this.#text });
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

interface KeyParts {
  id: string;
  from?: Wid | undefined;
  to?: Wid | undefined;
  remote?: Wid | undefined;
  participant?: Wid | undefined;
  fromMe?: boolean | undefined;
  selfDir?: 'in' | 'out' | undefined;
}

/** A message: `<fromMe>_<remote>_<id>[_<participant>]`. */
export class MsgKey {
  readonly fromMe: boolean;
  readonly remote: Wid;
  readonly id: string;
  declare readonly participant?: Wid;
  declare readonly _serialized: string;
  readonly #text: string;

  constructor({ id, from, to, remote, participant, fromMe, selfDir }: KeyParts) {
    this.fromMe = fromMe ?? selfDir === 'out';
    const other = remote ?? (this.fromMe ? to : from);
    if (other === undefined) throw new Error('MsgKey error: no remote');
    this.remote = other;
    this.id = id;
    if (participant !== undefined) this.participant = participant;
    const tail = participant === undefined ? [] : [participant.toString()];
    this.#text = [String(this.fromMe), other.toString(), id, ...tail].join('_');
    Object.assign(this, { _serialized: this.#text });
  }

  static from(key: unknown): MsgKey {
    return key instanceof MsgKey ? key : MsgKey.fromString(idText(key));
  }

  static fromString(text: string): MsgKey {
    const [fromMe, remote, id, participant] = text.split('_');
    if (remote === undefined || id === undefined) throw new Error(`MsgKey error: invalid key: ${text}`);
    const who = participant === undefined ? undefined : wid(participant);
    return new MsgKey({ fromMe: fromMe === 'true', remote: wid(remote), id, participant: who });
  }

  /** As WhatsApp Web makes them: `3EB0` and 18 hex digits. */
  static newId(): Promise<string> {
    return Promise.resolve(`3EB0${randomHex(9)}`);
  }

  clone(): MsgKey {
    return MsgKey.fromString(this.#text);
  }
  equals(other: unknown): boolean {
    return idText(other) === this.#text;
  }
  toString(): string {
    return this.#text;
  }
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

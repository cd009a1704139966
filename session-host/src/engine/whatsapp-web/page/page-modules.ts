/**
 * What is used of WhatsApp's own modules, by their names in its page. Any of it can be gone tomorrow: whoever asks `need` for a module checks each
 * export before use, and so all are optional.
 */
export interface PageModules {
  WAWebMsgKey: MsgKeyClass & { default?: MsgKeyClass };
  WAWebWidFactory: { createWid?: (text: string) => Wid };
  WAWebCollections: { Msg?: MsgCollection; Chat?: Collection<Chat> };
}

export interface Wid {
  user: string;
  server: string;
  _serialized?: string;
}

/** A message's id. Its text is own property, under a name that changes. */
export interface MsgKey {
  fromMe: boolean;
  remote: Wid;
  id: string;
  self?: string;
  participant?: Wid;
  _serialized?: string;
}

export type MsgKeyClass = new (parts: { fromMe: boolean; remote: Wid; id: string }) => MsgKey;

export interface Msg {
  id: MsgKey;
  /** Epoch seconds. */
  t?: number;
  type?: string;
  body?: string;
  ack?: number;
}

export interface Collection<M> {
  get?(id: unknown): M | undefined;
  getModelsArray?(): M[];
  on?(event: string, listener: (model: M, ...rest: unknown[]) => void): void;
}

export type MsgCollection = Collection<Msg>;

export interface Chat {
  id: Wid;
  /** Epoch seconds of the newest message. */
  t?: number;
  unreadCount?: number;
  msgs?: Collection<Msg>;
}

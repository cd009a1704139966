import type { Faults } from './faults.ts';
import type { NoteStream } from './note-stream.ts';
import type { ServerFrame } from './wire.ts';

export interface PageSocket {
  send(text: string): void;
  close(): void;
}

/** One page's connection. */
export interface PageConnection {
  /** As it named itself; empty before it did, and once another took its place. */
  device: string;
  /** Undefined while it isn't linked. */
  phone: string | undefined;
  /** What it is told of its phone. */
  stream: NoteStream | undefined;
  /** The page has said that it is in sync. */
  synced: boolean;
  /** Nothing gets through, and nobody says so. */
  readonly isDead: boolean;
  send(frame: ServerFrame): void;
  /** Sends what `work` answers, and only then what it sent meanwhile. */
  answerFirst(work: () => ServerFrame | undefined): void;
  endStream(): void;
  close(): void;
}

export function createPageConnection(socket: PageSocket, faultsOf: (phone: string) => Faults): PageConnection {
  /** Frames that must follow the answer which is being worked out. */
  let following: ServerFrame[] | undefined;

  const connection: PageConnection = {
    device: '',
    phone: undefined,
    stream: undefined,
    synced: false,
    get isDead() {
      return connection.phone !== undefined && faultsOf(connection.phone).deadLink;
    },
    send(frame) {
      if (connection.isDead) return;
      if (following === undefined) socket.send(JSON.stringify(frame));
      else following.push(frame);
    },
    answerFirst(work) {
      const held: ServerFrame[] = [];
      following = held;
      const answer = work();
      following = undefined;
      for (const frame of answer === undefined ? held : [answer, ...held]) connection.send(frame);
    },
    endStream() {
      connection.stream?.close();
      connection.stream = undefined;
    },
    close: () => socket.close(),
  };
  return connection;
}

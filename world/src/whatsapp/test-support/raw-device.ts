import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { ClientFrame, RequestName, RequestParams } from '../requests.ts';
import type { WhatsAppWorld } from '../server.ts';
import type { Note, ServerFrame } from '../wire.ts';

/** A linked device without a browser: it speaks the page's protocol, and confirms what it is told to. */
export interface RawDevice {
  frames: ServerFrame[];
  notes(): Note[];
  request<Name extends RequestName>(name: Name, params: RequestParams<Name>): Promise<ServerFrame>;
  /** Whatever, whether it makes sense or not. */
  requestAnything(name: string, params: unknown): Promise<ServerFrame>;
  confirmAll(): void;
  close(): Promise<void>;
}

export interface RawIdentity {
  device: string;
  token: string | null;
}

const timeoutMs = 5000;

/** Links a new device to the phone, and leaves it synced. */
export async function linkRawDevice(
  world: WhatsAppWorld,
  phone: string,
): Promise<RawDevice & { identity: RawIdentity }> {
  const identity: RawIdentity = { device: randomUUID(), token: null };
  const device = await connect(world, identity, false);
  const ref = await device.wait('ref');
  world.scan(phone, `${ref.ref},noise,identity,secret,1`);
  identity.token = (await device.wait('paired')).token;
  device.hello(false);
  await device.wait('sync');
  return { ...device, identity };
}

/** The same device again: with `resume` as after a lost socket, otherwise as after a restart. */
export async function returnRawDevice(
  world: WhatsAppWorld,
  identity: RawIdentity,
  resume: boolean,
): Promise<RawDevice> {
  const device = await connect(world, identity, resume);
  await device.wait('sync');
  return device;
}

async function connect(world: WhatsAppWorld, identity: RawIdentity, resume: boolean) {
  const socket = new WebSocket(`wss://127.0.0.1:${world.port}/ws/chat`, { rejectUnauthorized: false });
  const frames: ServerFrame[] = [];
  const waiting: ((frame: ServerFrame) => void)[] = [];
  let n = 0;
  socket.on('message', (data: Buffer) => {
    const frame: ServerFrame = JSON.parse(data.toString('utf8'));
    frames.push(frame);
    for (const look of waiting) look(frame);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));

  function send(frame: ClientFrame): void {
    socket.send(JSON.stringify(frame));
  }

  function until<T>(pick: (frame: ServerFrame) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The world did not answer.')), timeoutMs);
      const look = (frame: ServerFrame) => {
        const found = pick(frame);
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      waiting.push(look);
      for (const frame of frames) look(frame);
    });
  }

  function wait<T extends ServerFrame['t']>(t: T): Promise<Extract<ServerFrame, { t: T }>> {
    const isWanted = (frame: ServerFrame): frame is Extract<ServerFrame, { t: T }> => frame.t === t;
    return until((frame) => (isWanted(frame) ? frame : undefined));
  }

  function hello(again: boolean): void {
    send({
      t: 'hello',
      ...identity,
      noiseKey: 'noise',
      identityKey: 'identity',
      secret: 'secret',
      resume: again,
      received: 0,
    });
  }

  function requestAnything(name: string, params: unknown): Promise<ServerFrame> {
    n += 1;
    const number = n;
    send({ t: 'request', n: number, name, params });
    return until((frame) => ((frame.t === 'reply' || frame.t === 'failure') && frame.n === number ? frame : undefined));
  }

  hello(resume);
  return {
    frames,
    wait,
    hello,
    notes: () => frames.flatMap((frame) => (frame.t === 'note' ? [frame.note] : [])),
    request: requestAnything,
    requestAnything,
    confirmAll() {
      send({ t: 'confirm', seqs: frames.flatMap((frame) => (frame.t === 'note' ? [frame.seq] : [])) });
    },
    async close() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.close();
      await closed;
    },
  };
}

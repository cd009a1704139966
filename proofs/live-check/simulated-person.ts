import type { WorldClient } from '@top-active/local/client';
import type { Guide } from './guide.ts';
import type { StepName } from './steps.ts';

export interface PersonPhones {
  /** The number that is linked. */
  own: string;
  /** The second phone's. */
  second: string;
}

/** A picture of one pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/**
 * Does on the simulated phones what the check asks of a person, and answers truly what it sees there. Leaves out the
 * steps in `leavesOut`.
 */
export function createSimulatedPerson({
  world,
  phones: { own, second },
  leavesOut = [],
}: {
  world: WorldClient;
  phones: PersonPhones;
  leavesOut?: readonly StepName[];
}): Guide & { readonly heard: string[]; readonly failures: unknown[] } {
  const heard: string[] = [];
  const failures: unknown[] = [];
  const post = (path: string, body: object) => world.call('POST', `/whatsapp/phones/${path}`, body);
  const write = (body: object) => post(`${second}/messages`, { to: own, ...body });
  const seenBySecond = async () => world.messages(second, own);
  const fromApp = async () =>
    (await seenBySecond()).find(({ fromMe, text }) => !fromMe && text.startsWith('Live check'));
  const ofSecond = async () =>
    (await seenBySecond()).findLast(({ fromMe, text }) => fromMe && text.startsWith('Texto'));

  const acts: Partial<Record<StepName, () => Promise<unknown>>> = {
    receive: () => write({ text: 'Texto um' }),
    read: () => world.call('POST', `/whatsapp/phones/${second}/chats/${own}/read`, {}),
    'by-hand': () => post(`${own}/messages`, { to: second, text: 'Do próprio celular' }),
    edit: async () => post(`${second}/edit`, { peer: own, id: await idOf(ofSecond), text: 'Texto mudado' }),
    delete: async () => post(`${second}/revoke`, { peer: own, id: await idOf(ofSecond) }),
    reaction: async () => post(`${second}/react`, { peer: own, id: await idOf(fromApp), emoji: '👍' }),
    quote: async () => write({ text: 'Sim', quoted: await idOf(fromApp) }),
    voice: () => write({ media: { mimetype: 'audio/ogg; codecs=opus', data: pixel, voice: true, seconds: 3 } }),
    picture: () => write({ media: { mimetype: 'image/png', data: pixel } }),
  };

  return {
    heard,
    failures,
    tell: (text) => heard.push(text),
    showCode: (code) => world.scan(own, code),
    instruct(step) {
      const leaving = new AbortController();
      if (leavesOut.includes(step)) leaving.abort();
      else void acts[step]?.().catch((error: unknown) => failures.push(error));
      return { skipped: leaving.signal, end: () => undefined };
    },
    async confirm(step) {
      if (leavesOut.includes(step)) return 'skip';
      if (step === 'send') return (await fromApp()) ? 'yes' : 'no';
      if (step === 'restart') await write({ text: 'Escrito no meio tempo' });
      if (step === 'unlink') return (await devices()) === 0 ? 'yes' : 'no';
      return 'yes';
    },
  };

  async function devices(): Promise<number> {
    const phone = await world.call('GET', `/whatsapp/phones/${own}`);
    const list: unknown = typeof phone === 'object' && phone !== null ? Reflect.get(phone, 'devices') : undefined;
    return Array.isArray(list) ? list.length : -1;
  }
}

async function idOf(find: () => Promise<{ id: string } | undefined>): Promise<string> {
  const found = await find();
  if (!found) throw new Error('The phone has no such message');
  return found.id;
}

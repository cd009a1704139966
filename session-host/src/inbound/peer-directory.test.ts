import type { ChatRecord, Log } from '@top-active/aws';
import { partOfTenant } from '@top-active/aws/test-support/part-of-tenant';
import { aChatRecord } from '@top-active/aws/test-support/records';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineSession, PeerDescription } from '../engine/engine.ts';
import { createPeerDirectory } from './peer-directory.ts';

const number = '5511988887777@c.us';
const hidden = '99887766554433@lid';
const group = '120363041234567890@g.us';
const ana: PeerDescription = { waIds: [number, hidden], name: 'Ana', phone: '5511988887777', isGroup: false };

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** A directory over what WhatsApp answers, and over what is stored. */
function directoryOf(answers: (PeerDescription | Error)[], stored: Partial<ChatRecord> = {}) {
  const asked: string[] = [];
  const joined: unknown[] = [];
  const warned: string[] = [];
  const note = (message: string) => void warned.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const engine = {
    describePeer(peer: string) {
      asked.push(peer);
      const answer = answers.shift() ?? new Error('Nothing more is to be asked');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  } as unknown as EngineSession;
  const chats = {
    resolvePeer: async () => (stored.id === undefined ? undefined : stored.id),
    get: async () => aChatRecord(stored),
  };
  const keys = { keyOf: (peer: string) => peer, join: (ids: readonly string[]) => void joined.push(ids) };
  const directory = createPeerDirectory({ tenant: partOfTenant({ chats }), keys, log });
  return { directory, engine, asked, joined, warned };
}

describe('who a peer is', () => {
  it('is asked once in a minute where all ids are known, whichever of them is asked for', async () => {
    const { directory, engine, asked, joined } = directoryOf([ana, { ...ana, name: 'Ana Lima' }]);
    expect(await directory.describe(number, { engine })).toEqual(ana);
    expect(await directory.describe(hidden, { engine })).toEqual({ ...ana, waIds: [hidden, number] });
    expect(joined).toEqual([[number, hidden]]);
    vi.advanceTimersByTime(59_999);
    await directory.describe(number, { engine });
    expect(asked).toEqual([number]);
    vi.advanceTimersByTime(1);
    expect((await directory.describe(number, { engine })).name).toBe('Ana Lima');
    expect(asked).toEqual([number, number]);
  });

  it('is asked once in ten minutes where one id is known, and of a group once in one', async () => {
    const alone: PeerDescription = { ...ana, waIds: [number] };
    const team: PeerDescription = { waIds: [group], name: 'Equipe', isGroup: true };
    const { directory, engine, asked } = directoryOf([alone, team, team, alone]);
    for (const peer of [number, group]) await directory.describe(peer, { engine });
    vi.advanceTimersByTime(60_000);
    for (const peer of [number, group]) await directory.describe(peer, { engine });
    expect(asked).toEqual([number, group, group]);
    vi.advanceTimersByTime(540_000);
    await directory.describe(number, { engine });
    expect(asked.at(-1)).toBe(number);
  });

  it('is as it was known when WhatsApp can not be asked any more', async () => {
    const { directory, engine, warned } = directoryOf([ana, new Error('cut off')]);
    await directory.describe(number, { engine });
    vi.advanceTimersByTime(60_000);
    expect(await directory.describe(number, { engine })).toEqual(ana);
    expect(warned).toEqual(['Looking up a peer failed']);
    expect(await directory.describe(number, { engine: undefined })).toEqual(ana);
  });

  it('is what is stored when WhatsApp was never asked', async () => {
    const { directory } = directoryOf([], { id: 'chat', name: 'Ana', phone: '5511988887777' });
    const without = { engine: undefined };
    expect(await directory.describe(hidden, without)).toEqual({ ...ana, waIds: [hidden] });
    const unknown = directoryOf([]).directory;
    expect(await unknown.describe(number, without)).toEqual({
      waIds: [number],
      name: '+5511988887777',
      phone: '5511988887777',
      isGroup: false,
    });
    expect(await unknown.describe(hidden, without)).toMatchObject({ name: '', phone: undefined, isGroup: false });
    expect(await unknown.describe(group, without)).toMatchObject({ name: '', isGroup: true });
  });

  it('is called as the phone has it, else as the sender calls itself, else by number; a group is not its sender', async () => {
    const nameless: PeerDescription = { ...ana, name: '' };
    const pushname = 'Aninha';
    const named = directoryOf([ana, nameless]);
    expect((await named.directory.describe(number, { engine: named.engine, pushname })).name).toBe('Ana');
    const chosen = directoryOf([nameless]);
    expect((await chosen.directory.describe(number, { engine: chosen.engine, pushname })).name).toBe('Aninha');
    const byNumber = directoryOf([nameless]);
    expect((await byNumber.directory.describe(number, { engine: byNumber.engine })).name).toBe('+5511988887777');
    const team = directoryOf([{ waIds: [group], name: '', isGroup: true }]);
    expect((await team.directory.describe(group, { engine: team.engine, pushname })).name).toBe('');
  });
});

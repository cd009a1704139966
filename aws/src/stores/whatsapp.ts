import { connectingStates, whatsAppStatusSchema, type CommandId } from '@top-active/core/contracts';
import { nextLinkStatus, type LinkReport } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import type { Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import { newCommand } from './command-record.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

const recordSchema = whatsAppStatusSchema.extend({
  /** Whether the owner wants a session to run. A host starts those that want one and stops the others. */
  desired: z.enum(['on', 'off']),
  /** Number of the attempt to link, 0 before the first. A host that works for an older attempt is ignored. */
  generation: z.int(),
  /** Of the host that serves the user: one of an earlier term writes nothing any more. */
  epoch: z.int().optional(),
});
export type WhatsAppRecord = z.infer<typeof recordSchema>;

/** What a host reports. Fields that the new state doesn't have (a `qr` while `linked`) are dropped by themselves. */
export type WhatsAppPatch = LinkReport;

export interface StopRequest {
  status: WhatsAppRecord;
  commandId?: CommandId | undefined;
}

export interface WhatsAppStore {
  /** `unlinked` when nothing was ever linked. */
  get(): Promise<WhatsAppRecord>;
  /**
   * Begins a new attempt: state `starting`, desired `on`, and the command `link.start`, in one write, then the wake. An
   * attempt that no host has taken up within two minutes may be begun anew.
   * @param despiteRestriction where WhatsApp named no end of it
   * @throws {AppError} `whatsapp_already_connecting`, `whatsapp_already_linked` or `whatsapp_restricted`
   */
  beginConnect(options?: {
    despiteRestriction?: boolean | undefined;
  }): Promise<{ status: WhatsAppRecord; commandId: CommandId }>;
  /** Desired `off` and the command `link.stop`, in one write, then the wake. Nothing to stop: no command. */
  requestStop(): Promise<StopRequest>;
  /** False when the attempt is no longer the current one: the host should stop its browser. */
  update(generation: number, patch: WhatsAppPatch): Promise<boolean>;
  /** No event, since it happens every few seconds: the owner sees it with the next reading. */
  noteCheckpoint(generation: number, at: string): Promise<boolean>;
}

const abandonedAfterMs = 120_000;
/** States without a session: disconnecting ends them at once. */
const ended = new Set(['unlinked', 'qr_expired', 'logged_out', 'failed']);

export function createWhatsAppStore({
  items,
  events,
  fence,
  now,
  newId,
  wake,
  simulated,
}: StoreContext): WhatsAppStore {
  async function get(): Promise<WhatsAppRecord> {
    const record = await items.get(keys.whatsapp, recordSchema);
    return record ?? { state: 'unlinked', since: instant(now()), desired: 'off', generation: 0, simulated };
  }

  function command(kind: 'link.start' | 'link.stop') {
    return newCommand({ id: newId(), command: { kind }, now: instant(now()) });
  }

  return {
    get,
    async beginConnect({ despiteRestriction = false } = {}) {
      const begun = await events.commit(async () => {
        const current = await get();
        refuseSecond(current, now());
        refuseRestricted(current, now());
        if (!despiteRestriction) refuseHeld(current, now());
        const at = instant(now());
        const { generation } = current;
        const fresh = { ...nextLinkStatus(current, { state: 'starting' }, at), since: at, simulated };
        const status: WhatsAppRecord = { ...fresh, desired: 'on', generation: generation + 1 };
        const { record, changes } = command('link.start');
        return {
          changes: [putStatus(current, status), ...changes],
          events: [{ type: 'whatsapp.updated', ids: {} }],
          result: { status, commandId: record.id },
        };
      });
      await wake(begun.commandId);
      return begun;
    },
    async requestStop() {
      const stopped = await events.commit<StopRequest>(async () => {
        const current = await get();
        if (current.state === 'unlinked' && current.desired === 'off')
          return { changes: [], events: [], result: { status: current } };
        const state = ended.has(current.state) ? 'unlinked' : current.state;
        const rest = state === current.state ? current : nextLinkStatus(current, { state }, instant(now()));
        const status: WhatsAppRecord = { ...rest, desired: 'off', generation: current.generation };
        const { record, changes } = command('link.stop');
        return {
          changes: [putStatus(current, status), ...changes],
          events: [{ type: 'whatsapp.updated', ids: {} }],
          result: { status, commandId: record.id },
        };
      });
      if (stopped.commandId) await wake(stopped.commandId);
      return stopped;
    },
    update: (generation, patch) =>
      events.commit(async () => {
        const current = await get();
        if (current.generation !== generation) return { changes: [], events: [], result: false };
        const { desired, epoch } = current;
        const next = nextLinkStatus(current, patch, instant(now()));
        const status: WhatsAppRecord = { ...next, desired, generation, epoch: fence.epoch ?? epoch };
        if (sameStatus(status, current)) return { changes: [], events: [], result: true };
        return {
          changes: [putStatus(current, status)],
          events: [{ type: 'whatsapp.updated', ids: {} }],
          result: true,
        };
      }),
    async noteCheckpoint(generation, at) {
      fence.check();
      const condition = { generation, state: 'linked', ...fence.condition };
      const isNoted = await items.write({ kind: 'update', sk: keys.whatsapp, set: { checkpointAt: at }, condition });
      if (!isNoted && fence.epoch !== undefined) fence.admit((await get()).epoch);
      return isNoted;
    },
  };
}

/** Only what `current` was may be replaced. */
export function putStatus(current: WhatsAppRecord, status: WhatsAppRecord): Write {
  const { checkpointAt, epoch } = current;
  // Checkpoints and claims are noted without the event log: one that was noted meanwhile must not be lost.
  const condition =
    current.generation === 0 ? 'absent' : { generation: current.generation, state: current.state, checkpointAt, epoch };
  return { kind: 'put', sk: keys.whatsapp, item: { ...status, epoch: status.epoch ?? epoch }, condition };
}

function sameStatus(a: WhatsAppRecord, b: WhatsAppRecord): boolean {
  const comparable = (record: WhatsAppRecord) => JSON.stringify(recordSchema.parse(record));
  return comparable(a) === comparable(b);
}

function refuseSecond({ state, since }: WhatsAppRecord, now: number): void {
  if (state === 'linked') throw new AppError('whatsapp_already_linked');
  const abandoned = state === 'starting' && now - Date.parse(since) > abandonedAfterMs;
  if (connectingStates.includes(state) && !abandoned) throw new AppError('whatsapp_already_connecting');
}

/** WhatsApp takes each further link of a restricted account for one more reason to restrict it. */
function refuseRestricted({ restrictedUntil, linkedAt }: WhatsAppRecord, now: number): void {
  // What goes on from its checkpoint is no new link.
  if (linkedAt !== undefined || restrictedUntil === undefined || Date.parse(restrictedUntil) <= now) return;
  throw new AppError('whatsapp_restricted', {
    detail: `WhatsApp has restricted this account until ${restrictedUntil}.`,
    remedy: 'Use WhatsApp on the phone until then, and connect afterwards.',
  });
}

/** It named no end. Whoever links all the same has to say so. */
function refuseHeld({ heldUntil, linkedAt }: WhatsAppRecord, now: number): void {
  if (linkedAt !== undefined || heldUntil === undefined || Date.parse(heldUntil) <= now) return;
  throw new AppError('whatsapp_restricted', {
    detail: `WhatsApp has restricted this account and named no end. A new link is held back until ${heldUntil}.`,
    remedy:
      'Wait until then, or send `{"despiteRestriction": true}` once the owner knows that linking may prolong the restriction.',
  });
}

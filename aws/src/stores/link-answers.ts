import {
  passkeyAnswerSchema,
  type CodeComparisonRequest,
  type CommandId,
  type HostCommand,
  type PasskeyAnswer,
} from '@top-active/core/contracts';
import { wrongInAssertion } from '@top-active/core/domain';
import { AppError } from '@top-active/core/errors';
import { z } from 'zod';
import type { Write } from '../items/item-store.ts';
import { keys } from '../items/keys.ts';
import type { SecretBox, SecretContext } from '../secrets/secret-box.ts';
import { newCommand } from './command-record.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';
import { putStatus, type WhatsAppRecord, type WhatsAppStore } from './whatsapp.ts';

/** The owner's answers while an account is being linked: passkey, code comparison. */
export interface LinkAnswerStore {
  /**
   * Keeps the answer, sealed, until the host takes it, for as long as the request lives; with the command
   * `link.passkey`, in one write, then the wake. A request is answered once.
   * @throws {AppError} `passkey_request_gone`: not the pending request, answered, or expired; `passkey_invalid`: it
   *   doesn't answer this request
   */
  submitPasskey(requestId: string, answer: PasskeyAnswer): Promise<WhatsAppRecord>;
  /**
   * One use: whoever asks first gets it, and it is deleted, with its key. Undefined when there is none, or it has
   * expired; nobody can open it then either.
   */
  takePasskey(requestId: string): Promise<{ generation: number; answer: PasskeyAnswer } | undefined>;
  /** The command `link.compared`, for the code that is shown. @throws {AppError} `passkey_request_gone` */
  submitComparison(comparison: CodeComparisonRequest): Promise<WhatsAppRecord>;
}

const recordSchema = z.object({
  sealed: z.instanceof(Uint8Array),
  generation: z.int(),
  /** Epoch seconds. */
  expiresAt: z.number().optional(),
});

export function createLinkAnswerStore(
  { items, events, fence, now, newId, wake }: StoreContext,
  {
    whatsapp,
    secrets,
    secretContext,
  }: {
    whatsapp: Pick<WhatsAppStore, 'get'>;
    secrets: SecretBox;
    secretContext: (sk: string) => Pick<SecretContext, 'table' | 'pk' | 'sk'>;
  },
): LinkAnswerStore {
  const context = (sk: string): SecretContext => ({ ...secretContext(sk), field: 'answer', version: 1 });

  function pendingRequest({ state, passkey }: WhatsAppRecord, requestId: string) {
    const isPending = state === 'passkey' && passkey?.requestId === requestId && !passkey.answered;
    if (!isPending || Date.parse(passkey.expiresAt) <= now()) throw gone();
    return passkey;
  }

  /** Status and command in one write, then the wake. */
  async function order(
    decide: (current: WhatsAppRecord) => { status: WhatsAppRecord; command: HostCommand; changes: Write[] },
  ): Promise<WhatsAppRecord> {
    const ordered = await events.commit<{ status: WhatsAppRecord; commandId: CommandId }>(async () => {
      const current = await whatsapp.get();
      const { status, command, changes } = decide(current);
      const made = newCommand({ id: newId(), command, now: instant(now()) });
      return {
        changes: [putStatus(current, status), ...changes, ...made.changes],
        events: [{ type: 'whatsapp.updated', ids: {} }],
        result: { status, commandId: made.record.id },
      };
    });
    await wake(ordered.commandId);
    return ordered.status;
  }

  return {
    async submitPasskey(requestId, answer) {
      const request = pendingRequest(await whatsapp.get(), requestId);
      const wrong = answer.outcome === 'signed' ? wrongInAssertion(answer.credential, request) : undefined;
      if (wrong !== undefined) throw invalid(wrong);
      const sk = keys.passkeyAnswer(requestId);
      const expiresAt = Math.ceil(Date.parse(request.expiresAt) / 1_000);
      const sealed = await secrets.sealOnly('whatsapp', context(sk), JSON.stringify(answer), { expiresAt });
      try {
        return await order((current) => {
          const passkey = { ...pendingRequest(current, requestId), answered: true };
          const item = { sealed, generation: current.generation, expiresAt };
          return {
            status: { ...current, passkey },
            command: { kind: 'link.passkey', requestId },
            changes: [{ kind: 'put', sk, item, condition: 'absent' }],
          };
        });
      } catch (error) {
        // Another answer was first: nothing holds this one any more.
        await secrets.forget('whatsapp', sealed);
        throw error;
      }
    },
    async takePasskey(requestId) {
      const sk = keys.passkeyAnswer(requestId);
      const record = await items.get(sk, recordSchema, { evenExpired: true });
      if (!record || !(await fence.write({ kind: 'delete', sk, condition: 'present' }))) return undefined;
      if (record.expiresAt !== undefined && record.expiresAt * 1_000 <= now()) {
        await secrets.forget('whatsapp', record.sealed);
        return undefined;
      }
      const answer = await secrets.open('whatsapp', context(sk), record.sealed);
      await secrets.forget('whatsapp', record.sealed);
      return { generation: record.generation, answer: passkeyAnswerSchema.parse(JSON.parse(answer.toString('utf8'))) };
    },
    submitComparison: ({ code, matches }) =>
      order((current) => {
        if (current.state !== 'code_comparison' || current.comparisonCode !== code) throw gone();
        return { status: current, command: { kind: 'link.compared', code, matches }, changes: [] };
      }),
  };
}

function gone(): AppError {
  return new AppError('passkey_request_gone');
}

function invalid(why: string): AppError {
  return new AppError('passkey_invalid', { detail: `This does not answer the pending request: ${why}.` });
}

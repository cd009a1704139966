import { credentialSchema, type Credential } from '@top-active/core/contracts';
import { z } from 'zod';
import { keys } from '../items/keys.ts';
import type { SecretBox, SecretContext } from '../secrets/secret-box.ts';
import { instant } from '../items/instants.ts';
import type { StoreContext } from './store-context.ts';

export type Provider = Credential['provider'];

export interface CredentialStore {
  list(): Promise<Credential[]>;
  get(provider: Provider): Promise<Credential | undefined>;
  /**
   * Replaces what was there, whose key is deleted: no backup opens it. `secret` is sealed with a key of its own: this
   * needs no right to decrypt.
   */
  put(
    credential: Pick<Credential, 'provider' | 'hint' | 'scopes' | 'simulated' | 'problem' | 'modelEnds'> & {
      secret: string;
    },
  ): Promise<Credential>;
  /** The secret in clear, for the one who is about to use it. Needs kms:Decrypt. */
  open(provider: Provider): Promise<{ credential: Credential; secret: string } | undefined>;
  /** Notes that the provider refused (or took) it. No-op when there is none. */
  setState(provider: Provider, state: Credential['state']): Promise<void>;
  /**
   * Notes how an OpenAI key fares that stays valid. What is absent is taken away. No-op when there is none, or nothing
   * changes.
   */
  note(provider: Provider, told: Pick<Credential, 'problem' | 'modelEnds'>): Promise<void>;
  /** The credential and its key. False when there was none. */
  remove(provider: Provider): Promise<boolean>;
}

const recordSchema = credentialSchema.extend({
  secret: z.instanceof(Uint8Array),
  /** Counts replacements; part of what the envelope is bound to. */
  version: z.int(),
});

export function createCredentialStore(
  { items, events, now }: StoreContext,
  {
    secrets,
    secretContext,
  }: { secrets: SecretBox; secretContext: (sk: string) => Pick<SecretContext, 'table' | 'pk' | 'sk'> },
): CredentialStore {
  const context = (provider: Provider, version: number): SecretContext => ({
    ...secretContext(keys.credential(provider)),
    field: 'secret',
    version,
  });

  return {
    list: () => items.getMany([keys.credential('openai'), keys.credential('google')], credentialSchema),
    get: (provider) => items.get(keys.credential(provider), credentialSchema),
    async put({ provider, hint, scopes, simulated, problem, modelEnds, secret }) {
      const { credential, replaced } = await events.commit(async () => {
        const sk = keys.credential(provider);
        const existing = await items.get(sk, recordSchema);
        const version = (existing?.version ?? 0) + 1;
        const at = instant(now());
        const credential: Credential = {
          provider,
          hint,
          state: 'valid',
          scopes,
          simulated,
          ...(problem && { problem }),
          ...(modelEnds && { modelEnds }),
          createdAt: at,
          checkedAt: at,
        };
        const sealed = await secrets.sealOnly('credentials', context(provider, version), secret);
        return {
          changes: [
            {
              kind: 'put',
              sk,
              item: { ...credential, version, secret: sealed },
              condition: existing ? { version: existing.version } : 'absent',
            },
          ],
          events: [{ type: 'credentials.updated', ids: {} }],
          result: { credential, replaced: existing?.secret },
        };
      });
      if (replaced) await secrets.forget('credentials', replaced);
      return credential;
    },
    async open(provider) {
      const record = await items.get(keys.credential(provider), recordSchema);
      if (!record) return undefined;
      const { secret, version, ...credential } = record;
      const plaintext = await secrets.open('credentials', context(provider, version), secret);
      return { credential, secret: plaintext.toString('utf8') };
    },
    setState: (provider, state) =>
      events.commit(async () => {
        const sk = keys.credential(provider);
        const existing = await items.get(sk, recordSchema);
        if (!existing) return { changes: [], events: [], result: undefined };
        return {
          changes: [
            {
              kind: 'update',
              sk,
              set: { state, checkedAt: instant(now()) },
              condition: { version: existing.version },
            },
          ],
          events: existing.state === state ? [] : [{ type: 'credentials.updated', ids: {} }],
          result: undefined,
        };
      }),
    note: (provider, { problem, modelEnds }) =>
      events.commit(async () => {
        const sk = keys.credential(provider);
        const existing = await items.get(sk, recordSchema);
        if (!existing || (same(existing.problem, problem) && same(existing.modelEnds, modelEnds)))
          return { changes: [], events: [], result: undefined };
        const told = { problem, modelEnds };
        const remove = Object.entries(told).flatMap(([name, value]) => (value === undefined ? [name] : []));
        const set = { ...told, checkedAt: instant(now()) };
        return {
          changes: [{ kind: 'update', sk, set, remove, condition: { version: existing.version } }],
          events: [{ type: 'credentials.updated', ids: {} }],
          result: undefined,
        };
      }),
    async remove(provider) {
      const removed = await events.commit(async () => {
        const sk = keys.credential(provider);
        const existing = await items.get(sk, recordSchema);
        if (!existing) return { changes: [], events: [], result: undefined };
        return {
          changes: [{ kind: 'delete', sk, condition: { version: existing.version } }],
          events: [{ type: 'credentials.updated', ids: {} }],
          result: existing.secret,
        };
      });
      if (removed) await secrets.forget('credentials', removed);
      return removed !== undefined;
    },
  };
}

/** Compares plain data whose fields were written in the same order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

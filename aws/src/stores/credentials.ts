import type { Credential } from '@top-active/core/contracts';

export type Provider = Credential['provider'];

export interface CredentialStore {
  list(): Promise<Credential[]>;
  get(provider: Provider): Promise<Credential | undefined>;
  /** Replaces what was there. `secret` is sealed with a key of its own: this needs no right to decrypt. */
  put(
    credential: Pick<Credential, 'provider' | 'hint' | 'scopes' | 'simulated'> & { secret: string },
  ): Promise<Credential>;
  /** The secret in clear, for the one who is about to use it. Needs kms:Decrypt. */
  open(provider: Provider): Promise<{ credential: Credential; secret: string } | undefined>;
  /** Notes that the provider refused (or took) it. No-op when there is none. */
  setState(provider: Provider, state: Credential['state']): Promise<void>;
  /** False when there was none. */
  remove(provider: Provider): Promise<boolean>;
}

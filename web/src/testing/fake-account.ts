import type { Credential, Me, UpdateMeRequest, WhatsAppStatus } from '@top-active/core/contracts';
import { userId } from './factories.ts';
import { given, type FakeState } from './fake-state.ts';

/** What a person does with the account, and with the link to WhatsApp. */
export function createFakeAccount(state: FakeState) {
  let tokens = 0;

  return {
    signIn() {
      state.signedIn = true;
      tokens += 1;
      return { accessToken: `token-${tokens}`, expiresIn: 600, userId };
    },
    signOut(): undefined {
      state.signedIn = false;
    },
    switchFactor(on: boolean): undefined {
      state.secondFactor = on;
    },
    acceptNotice(version: number): Me {
      const linkNotices = [...state.me.linkNotices, { version, acceptedAt: new Date().toISOString() }];
      return (state.me = { ...state.me, linkNotices });
    },
    patchMe(changes: UpdateMeRequest): Me {
      return (state.me = { ...state.me, ...given(changes) });
    },
    eraseMe() {
      state.signedIn = false;
      return { requestedAt: new Date().toISOString() };
    },
    putKey(key: string): Credential {
      const at = new Date().toISOString();
      const credential: Credential = {
        provider: 'openai',
        hint: key.slice(-4),
        state: 'valid',
        scopes: [],
        simulated: true,
        createdAt: at,
        checkedAt: at,
      };
      state.credentials = [...state.credentials.filter(({ provider }) => provider !== 'openai'), credential];
      return credential;
    },
    forget(provider: Credential['provider']): undefined {
      state.credentials = state.credentials.filter((credential) => credential.provider !== provider);
    },
    answeredPasskey(): WhatsAppStatus {
      const { passkey } = state.whatsapp;
      return (state.whatsapp = { ...state.whatsapp, ...(passkey && { passkey: { ...passkey, answered: true } }) });
    },
  };
}

import { linkStates, whatsAppStatusSchema, type LinkState, type WhatsAppStatus } from '@top-active/core/contracts';
import { within } from '@testing-library/vue';
import { beforeAll, describe, expect, it } from 'vitest';
import { aPasskeyRequest, aWhatsApp, userId } from '../testing/factories.ts';
import { createFakeApi } from '../testing/fake-api.ts';
import { mountApp } from '../testing/mount-app.ts';

type Failure = NonNullable<WhatsAppStatus['failure']>;
interface Expected {
  /** Names of what can be done, the first of them first of all. */
  does: Record<'pt-BR' | 'en', RegExp>;
  says: Record<'pt-BR' | 'en', RegExp>;
}

const account = { phone: '5511987654321', name: 'Lúcia', platform: 'android' };
const soon = () => new Date(Date.now() + 60_000).toISOString();
const parts: Partial<Record<LinkState, () => Partial<WhatsAppStatus>>> = {
  qr: () => ({ qr: { code: '2@code', expiresAt: soon() } }),
  code: () => ({ pairing: { phone: account.phone, code: 'K7QX2MPD', expiresAt: soon() } }),
  passkey: () => ({ passkey: aPasskeyRequest() }),
  code_comparison: () => ({ comparisonCode: 'K7QX-2MPD' }),
  syncing: () => ({ progress: 40 }),
  linked: () => ({ account }),
  reconnecting: () => ({ account }),
};

const cancel = { 'pt-BR': /^Cancelar$/, en: /^Cancel$/ };
const retry = { 'pt-BR': /^Tentar de novo$/, en: /^Try again$/ };
const disconnect = { 'pt-BR': /^Desconectar$/, en: /^Disconnect$/ };
const show = { 'pt-BR': /^Mostrar o código QR$/, en: /^Show the QR code$/ };

const states: Record<Exclude<LinkState, 'failed'>, Expected> = {
  unlinked: {
    says: { 'pt-BR': /Conecte como um aparelho adicional/, en: /Connect as an additional device/ },
    does: show,
  },
  starting: { says: { 'pt-BR': /Abrindo o WhatsApp/, en: /Opening WhatsApp/ }, does: cancel },
  qr: { says: { 'pt-BR': /aponte para este código/, en: /point it at this code/ }, does: cancel },
  code: { says: { 'pt-BR': /Código para/, en: /Code for/ }, does: cancel },
  scanned: { says: { 'pt-BR': /Código lido/, en: /Code scanned/ }, does: cancel },
  passkey: {
    says: { 'pt-BR': /quer confirmar que é você/, en: /wants to confirm that it’s you/ },
    does: { 'pt-BR': /^Não confirmar e cancelar$/, en: /^Don’t confirm, cancel$/ },
  },
  code_comparison: {
    says: { 'pt-BR': /mostra este mesmo código/, en: /show this same code/ },
    does: { 'pt-BR': /^É igual$/, en: /^It’s the same$/ },
  },
  syncing: { says: { 'pt-BR': /Sincronizando suas conversas/, en: /Syncing your conversations/ }, does: cancel },
  linked: { says: { 'pt-BR': /Conectado como Lúcia/, en: /Connected as Lúcia/ }, does: disconnect },
  reconnecting: { says: { 'pt-BR': /Estamos reconectando/, en: /We are reconnecting/ }, does: disconnect },
  qr_expired: {
    says: { 'pt-BR': /O código venceu/, en: /The code expired/ },
    does: { 'pt-BR': /^Mostrar um novo código$/, en: /^Show a new code$/ },
  },
  logged_out: { says: { 'pt-BR': /removida no celular/, en: /removed on the phone/ }, does: show },
};

const failures: Record<Failure, Expected['says']> = {
  engine_incompatible: { 'pt-BR': /não funciona com a mudança/, en: /doesn’t work with the change yet/ },
  start_timeout: { 'pt-BR': /demorou demais/, en: /took too long/ },
  browser_died: { 'pt-BR': /interrompida no nosso servidor/, en: /interrupted on our server/ },
  refused: { 'pt-BR': /recusou a conexão/, en: /refused the connection/ },
  banned: { 'pt-BR': /bloqueou esta conta/, en: /banned this account/ },
  host_busy: { 'pt-BR': /servidor está lotado/, en: /server is full/ },
  idle: { 'pt-BR': /foi pausada/, en: /was paused/ },
  session_unknown: { 'pt-BR': /não reconhece mais/, en: /doesn’t recognise/ },
  host_outdated: { 'pt-BR': /trocado por um mais novo/, en: /replaced by a newer one/ },
  passkey_refused: { 'pt-BR': /não confirmou/, en: /didn’t confirm/ },
  passkey_expired: { 'pt-BR': /O prazo para confirmar/, en: /The time to confirm/ },
  passkey_rejected: { 'pt-BR': /não aceitou a confirmação/, en: /didn’t accept the confirmation/ },
  code_mismatch: { 'pt-BR': /códigos eram diferentes/, en: /codes were different/ },
  unreachable: { 'pt-BR': /não consegue falar com o WhatsApp/, en: /can’t reach WhatsApp/ },
  unknown: { 'pt-BR': /Algo deu errado/, en: /Something went wrong/ },
};

const logouts: Record<string, Expected['says']> = {
  client_version_outdated: { 'pt-BR': /ficou antiga/, en: /too old/ },
  history_sync_timeout: { 'pt-BR': /demorou demais para enviar/, en: /took too long to send/ },
  primary_identity_key_change: { 'pt-BR': /reinstalou o WhatsApp/, en: /reinstalled/ },
  account_locked: { 'pt-BR': /trancou esta conta/, en: /locked this account/ },
  storage_quota_exceeded: { 'pt-BR': /falta de espaço/, en: /ran out of space/ },
  lid_migration_peer_mappings_not_received: { 'pt-BR': /identificar contatos/, en: /identifies contacts/ },
  something_new: { 'pt-BR': /nas palavras do WhatsApp: something_new/, en: /in WhatsApp’s words: something_new/ },
};

const shown: [string, WhatsAppStatus, Expected][] = [
  ...Object.entries(states).map(([name, expected]): [string, WhatsAppStatus, Expected] => {
    const state = linkStates.find((one) => one === name) ?? 'unlinked';
    return [state, aWhatsApp({ state, attempt: 1, ...parts[state]?.() }), expected];
  }),
  [
    'unlinked, and still on the phone',
    aWhatsApp({ state: 'unlinked', remainsOnPhone: true }),
    {
      says: { 'pt-BR': /não conseguimos avisar o WhatsApp/, en: /could not tell WhatsApp/ },
      does: show,
    },
  ],
  [
    'starting, and out of reach',
    aWhatsApp({ state: 'starting', unreachableSince: soon() }),
    {
      says: { 'pt-BR': /não consegue falar com o WhatsApp desde/, en: /hasn’t been able to reach WhatsApp since/ },
      does: cancel,
    },
  ],
  [
    'reconnecting, and out of reach',
    aWhatsApp({ state: 'reconnecting', account, unreachableSince: soon() }),
    {
      says: { 'pt-BR': /não consegue falar com o WhatsApp desde/, en: /hasn’t been able to reach WhatsApp since/ },
      does: disconnect,
    },
  ],
  ...Object.entries(logouts).map(([reason, says]): [string, WhatsAppStatus, Expected] => [
    `logged out by ${reason}`,
    aWhatsApp({ state: 'logged_out', logoutReason: reason }),
    { says, does: show },
  ]),
  ...whatsAppStatusSchema.shape.failure
    .unwrap()
    .options.map((failure): [string, WhatsAppStatus, Expected] => [
      failure,
      aWhatsApp({ state: 'failed', failure }),
      { says: failures[failure], does: retry },
    ]),
];

/** Loaded when it is needed: not within the time of the first test. */
beforeAll(async () => {
  await Promise.all([
    import('../components/setup/passkey/WhatsAppPasskey.vue'),
    import('../components/setup/passkey/WhatsAppComparison.vue'),
    import('../components/setup/passkey/PasskeyHint.vue'),
    import('../components/setup/WhatsAppQr.vue'),
    import('../components/setup/WhatsAppCode.vue'),
  ]);
});

describe.each(['pt-BR', 'en'] as const)('every state of a link, in %s', (locale) => {
  it('says in plain words what is, and offers something to do', async () => {
    localStorage.setItem('top-active:locale', locale);
    localStorage.setItem(`top-active:linking-attempt:${userId}`, '1');
    const api = createFakeApi();
    api.state.me = { ...api.state.me, locale };
    const { screen, sockets } = await mountApp({ at: '/', api });
    const step = await screen.findByRole('region', { name: 'WhatsApp' });
    await expect.poll(() => sockets.length).toBe(1);
    sockets[0]?.open();
    await expect.poll(() => api.calls.filter(({ path }) => path === '/api/events').length).toBeGreaterThan(0);
    for (const [name, status, { says, does }] of shown) {
      api.state.whatsapp = status;
      sockets[0]?.hint(api.log({ type: 'whatsapp.updated', ids: {} }));
      await within(step).findAllByText(says[locale]);
      const action = await within(step).findByRole<HTMLButtonElement>('button', { name: does[locale] });
      expect([name, action.disabled]).toEqual([name, false]);
      // Reached by keyboard: a button of the page, not something that only a mouse finds.
      action.focus();
      expect([name, document.activeElement]).toEqual([name, action]);
    }
  }, 30_000);
});

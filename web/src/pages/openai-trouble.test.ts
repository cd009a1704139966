import { credentialProblemKinds, type Credential, type CredentialProblem } from '@top-active/core/contracts';
import { within } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { aChat, aCredential, aMe, aMessage, aWhatsApp, chatId } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

type Locale = 'pt-BR' | 'en';
const google = aCredential({ provider: 'google' });
const since = '2026-11-23T15:00:00.000Z';

function refusedFor(kind: CredentialProblem['kind']): Credential {
  return aCredential({ problem: { kind, since, retryAt: '2026-11-23T18:30:00.000Z', model: 'gpt-6-luna' } });
}

async function open(
  at: string,
  { key, locale = 'pt-BR', chat = {} }: { key?: Credential; locale?: Locale; chat?: object },
) {
  const api = createFakeApi({
    me: aMe({ locale }),
    whatsapp: aWhatsApp({ state: 'linked' }),
    credentials: key ? [key, google] : [google],
    chats: [aChat({ assistantMode: 'suggest', lastMessage: aMessage(1), ...chat })],
    messages: [aMessage(1)],
  });
  return mountApp({ at, api });
}

async function atThread(options: Parameters<typeof open>[1]) {
  const app = await open(`/conversas/${chatId}`, options);
  await app.screen.findByText('Mensagem 1');
  return app;
}

async function panelOf({ screen, user }: Awaited<ReturnType<typeof open>>) {
  const name = 'Contato e assistente';
  if (!screen.queryByRole('complementary', { name }))
    await user.click(screen.getByRole('button', { name: 'Mostrar contato e assistente' }));
  return screen.findByRole('complementary', { name });
}

/** What is wrong and what to do about it. */
const words: Record<CredentialProblem['kind'], Record<Locale, RegExp>> = {
  no_credit: {
    'pt-BR': /A chave está certa, mas .* sem crédito.* Recarregue/,
    en: /key is right, but .* no credit.* Top it up/,
  },
  restricted: {
    'pt-BR': /não tem permissão para escrever.*“Responses: Write”/,
    en: /no permission to write replies.*“Responses: Write”/,
  },
  model_not_allowed: {
    'pt-BR': /não pode usar o modelo gpt-6-luna\. Libere/,
    en: /may not use the model gpt-6-luna\. Allow/,
  },
  model_gone: {
    'pt-BR': /não oferece mais o modelo gpt-6-luna.*foi avisado/,
    en: /no longer offers the model gpt-6-luna.*told/,
  },
  region: {
    'pt-BR': /não atende o país.*fale com quem administra/,
    en: /doesn’t serve the country.*contact whoever runs/,
  },
  wrong_host: { 'pt-BR': /outra região.*sem residência de dados/, en: /another region.*without data residency/ },
  not_allowed: { 'pt-BR': /recusou o uso\. Veja a situação da sua conta/, en: /refused.*your account/ },
};
const again: Record<Locale, RegExp> = {
  'pt-BR': /tenta de novo na primeira mensagem depois de 23 de nov\. de 2026, 15:30/,
  en: /tries again.*Nov 23, 2026, 3:30/,
};

describe('a key that OpenAI knows and does not serve', () => {
  for (const kind of credentialProblemKinds)
    for (const locale of ['pt-BR', 'en'] as const)
      it(`for ${kind} is told with its remedy, and when it is tried again, in ${locale}`, async () => {
        const { screen } = await open('/', { key: refusedFor(kind), locale });
        const told = await screen.findByText(words[kind][locale]);
        expect(told.textContent).toMatch(again[locale]);
        // It needs its owner, and stays: nothing is to be typed anew.
        expect(screen.getAllByText(/2 (?:de|of) 3/)).not.toHaveLength(0);
        expect(told.closest('section, li')?.textContent).toMatch(locale === 'en' ? /Needs you/ : /Precisa de você/);
        expect(screen.queryByLabelText(locale === 'en' ? 'API key' : 'Chave da API')).toBeNull();
      });

  it('is told in the thread and beside the switch of the assistant, with the way to the key', async () => {
    const app = await atThread({ key: refusedFor('no_credit') });
    expect(await app.screen.findAllByText(words.no_credit['pt-BR'])).toHaveLength(1);
    const beside = within(await panelOf(app));
    expect(beside.getByText(words.no_credit['pt-BR'])).toBeTruthy();
    expect(beside.getByRole('link', { name: 'Completar os primeiros passos' }).getAttribute('href')).toBe('/');
  });

  it('is no word in a chat where the assistant is off', async () => {
    const { screen } = await atThread({ key: refusedFor('no_credit'), chat: { assistantMode: 'off' } });
    expect(screen.queryByText(words.no_credit['pt-BR'])).toBeNull();
  });
});

describe('a key that OpenAI knows no more', () => {
  it('is asked for anew, and told in the thread', async () => {
    const key = aCredential({ state: 'invalid' });
    const steps = await open('/', { key });
    expect(await steps.screen.findByText(/não aceita mais esta chave\. Cole uma nova/)).toBeTruthy();
    expect(steps.screen.getByLabelText('Chave da API')).toBeTruthy();
    steps.close();
    document.body.replaceChildren();
    const app = await atThread({ key });
    expect(await app.screen.findByText(/não aceita mais esta chave/)).toBeTruthy();
    expect(within(await panelOf(app)).getByText(/não aceita mais esta chave/)).toBeTruthy();
  });
});

describe('a model that OpenAI will shut down', () => {
  it('is told by its day while all still works, and holds up nothing', async () => {
    const key = aCredential({ modelEnds: { model: 'gpt-6-luna', on: '2026-12-11' } });
    const steps = await open('/', { key });
    expect(
      await steps.screen.findByText(/vai desativar o modelo gpt-6-luna em 11 de dez.*precisa escolher outro/),
    ).toBeTruthy();
    expect(steps.screen.queryByText('Precisa de você')).toBeNull();
    steps.close();
    document.body.replaceChildren();
    const app = await atThread({ key });
    expect(app.screen.queryByText(/vai desativar o modelo gpt-6-luna/)).toBeNull();
    expect(within(await panelOf(app)).getByText(/vai desativar o modelo gpt-6-luna/)).toBeTruthy();
  });
});

describe('a message for which the assistant has no proposal', () => {
  const why = {
    cut: [/não conseguiu terminar a resposta/, /couldn’t finish/],
    filtered: [/reteve a resposta/, /held back/],
    declined: [/se recusou a responder/, /refused to answer/],
    too_long: [/longa demais/, /too long/],
    flagged: [/uso indevido/, /considered this conversation misuse/],
    busy: [/três tentativas/, /three tries/],
    failed: [/não conseguiu sugerir/, /couldn’t suggest/],
  } as const;
  for (const [reason, [portuguese, english]] of Object.entries(why))
    for (const [locale, text] of [
      ['pt-BR', portuguese],
      ['en', english],
    ] as const)
      it(`says why: ${reason}, in ${locale}`, async () => {
        const noProposal = { answers: aMessage(1).id, why: reason, at: since };
        const { screen } = await atThread({ key: aCredential(), locale, chat: { noProposal } });
        expect((await screen.findByText(text)).getAttribute('role')).toBe('status');
      });

  it('says nothing any more once a newer message is there', async () => {
    const noProposal = { answers: aMessage(0).id, why: 'cut', at: since };
    const { screen } = await atThread({ key: aCredential(), chat: { noProposal } });
    expect(screen.queryByText(why.cut[0])).toBeNull();
  });
});

describe('what the assistant needs', () => {
  it('is a key, said beside its switch', async () => {
    const panel = within(await panelOf(await atThread({})));
    expect(panel.getByText(/Falta a chave da OpenAI/)).toBeTruthy();
  });

  it('is nothing where all is well', async () => {
    const panel = within(await panelOf(await atThread({ key: aCredential() })));
    expect(panel.queryByRole('link', { name: 'Completar os primeiros passos' })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { aMe } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

async function atSettings() {
  const app = await mountApp({ at: '/configuracoes', api: createFakeApi() });
  await app.screen.findByLabelText('Nome');
  const saved = () => app.api.calls.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
  return { ...app, saved };
}

describe('settings', () => {
  it('saves only what was changed', async () => {
    const { screen, user, saved } = await atSettings();
    expect(screen.queryByRole('button', { name: 'Salvar' })).toBeNull();
    await user.type(screen.getByLabelText('Sobre o seu negócio'), 'Consulta R$ 180');
    await user.click(screen.getByRole('button', { name: 'Salvar' }));
    await expect.poll(saved).toEqual([{ about: 'Consulta R$ 180' }]);
    await expect.poll(() => screen.queryByRole('button', { name: 'Salvar' })).toBeNull();
  });

  it('opens Saturday and saves the whole week', async () => {
    const { screen, user, saved } = await atSettings();
    await user.click(screen.getByRole('switch', { name: 'sábado: atende neste dia' }));
    await user.click(screen.getByRole('button', { name: 'Salvar' }));
    await expect
      .poll(() => saved()[0]?.['workingHours'])
      .toMatchObject({ sat: [{ from: '09:00', to: '18:00' }], sun: [] });
  });

  it('refuses hours that end before they begin, in words', async () => {
    const { screen, user, saved } = await atSettings();
    const until = screen.getByLabelText('segunda-feira: até');
    await user.clear(until);
    await user.type(until, '08:00');
    await user.click(screen.getByRole('button', { name: 'Salvar' }));
    expect(await screen.findByText(/Cada período precisa terminar/)).toBeTruthy();
    expect(saved()).toEqual([]);
  });

  it('discards what was not saved', async () => {
    const { screen, user } = await atSettings();
    await user.type(screen.getByLabelText('Nome'), ' Silva');
    await user.click(screen.getByRole('button', { name: 'Descartar' }));
    expect(screen.getByLabelText<HTMLInputElement>('Nome').value).toBe('Lúcia Ferreira');
  });

  it('darkens the screen at once and remembers it', async () => {
    const { screen, user } = await atSettings();
    await user.click(screen.getByRole('radio', { name: 'Escura' }));
    expect(document.documentElement.classList.contains('dark')).toBe(true);
    expect(localStorage.getItem('top-active:theme')).toBe('dark');
  });
});

describe('deleting the account', () => {
  async function atDialog() {
    const app = await atSettings();
    await app.user.click(app.screen.getByRole('button', { name: 'Excluir minha conta' }));
    await app.screen.findByRole('dialog', { name: 'Excluir sua conta para sempre?' });
    const erased = () => app.api.calls.filter(({ method }) => method === 'DELETE').map(({ body }) => body);
    const confirm = () => app.user.click(app.screen.getByRole('button', { name: 'Excluir para sempre' }));
    return { ...app, erased, confirm };
  }

  it('takes the password and leaves, for a page that says so', async () => {
    const { screen, user, erased, left, confirm } = await atDialog();
    await user.type(screen.getByLabelText('Senha'), 'correct horse 1');
    await confirm();
    await expect.poll(() => left).toEqual(['/entrar?conta=excluida']);
    expect(erased()).toEqual([{ password: 'correct horse 1' }]);
  });

  it('asks for nothing from the server without a password', async () => {
    const { screen, erased, confirm } = await atDialog();
    await confirm();
    expect(await screen.findByText('Escreva sua senha.')).toBeTruthy();
    expect(erased()).toEqual([]);
  });

  it('stays when the password is wrong, and can still be called off', async () => {
    const { screen, user, api, confirm } = await atDialog();
    api.refuse('DELETE /api/me', 'invalid_credentials');
    await user.type(screen.getByLabelText('Senha'), 'wrong');
    await confirm();
    expect(await screen.findByText('A senha não confere.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Cancelar' }));
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByLabelText('Nome')).toBeTruthy();
  });
});

describe('a login that two have used', () => {
  it('is told on every page until its owner has read of it', async () => {
    const api = createFakeApi({ me: aMe({ loginMisusedAt: '2026-11-24T12:00:00.000Z' }) });
    const { screen, user } = await mountApp({ at: '/configuracoes', api });
    const notice = await screen.findByText(/usado em dois navegadores ao mesmo tempo/);
    expect(notice.textContent).toContain('24 de nov. de 2026');
    await user.click(screen.getByRole('button', { name: 'Entendi' }));
    await expect.poll(() => screen.queryByText(/dois navegadores usavam/)).toBeNull();
  });
});

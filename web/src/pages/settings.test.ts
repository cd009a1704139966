import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
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

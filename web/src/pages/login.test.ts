import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { aCredential, aWhatsApp } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

async function atLogin(parts: Parameters<typeof createFakeApi>[0] = {}, at = '/entrar') {
  const app = await mountApp({ at, api: createFakeApi({ signedIn: false, ...parts }) });
  const fill = async (email: string, password: string): Promise<void> => {
    if (email !== '') await app.user.type(await app.screen.findByLabelText('E-mail'), email);
    if (password !== '') await app.user.type(app.screen.getByLabelText('Senha'), password);
    await app.user.click(app.screen.getByRole('button', { name: 'Entrar' }));
  };
  return { ...app, fill };
}

describe('signing in', () => {
  it('leads who still has to connect things to the first steps', async () => {
    const { screen, fill, router } = await atLogin();
    await fill('lucia@example.com', 'uma senha boa');
    expect(await screen.findByRole('heading', { name: 'Olá, Lúcia' })).toBeTruthy();
    expect(router.currentRoute.value.path).toBe('/');
  });

  it('leads who has connected everything to the conversations', async () => {
    const { fill, router } = await atLogin({
      credentials: [aCredential(), aCredential({ provider: 'google' })],
      whatsapp: aWhatsApp({ state: 'linked' }),
    });
    await fill('lucia@example.com', 'uma senha boa');
    await expect.poll(() => router.currentRoute.value.path).toBe('/conversas');
  });

  it('goes back to the address that asked for a session', async () => {
    const { fill, router } = await atLogin({}, '/configuracoes');
    expect(router.currentRoute.value.path).toBe('/entrar');
    await fill('lucia@example.com', 'uma senha boa');
    await expect.poll(() => router.currentRoute.value.path).toBe('/configuracoes');
  });

  it('marks empty fields in words and asks the server nothing', async () => {
    const { screen, fill, api } = await atLogin();
    await screen.findByLabelText('E-mail');
    await fill('', '');
    expect(await screen.findByText('Escreva sua senha.')).toBeTruthy();
    expect(screen.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true');
    expect(api.calls.some(({ path }) => path === '/api/auth/login')).toBe(false);
  });

  it('says plainly that e-mail or password are wrong', async () => {
    const { screen, fill, api } = await atLogin();
    api.refuse('POST /api/auth/login', 'invalid_credentials');
    await fill('lucia@example.com', 'senha errada');
    expect((await screen.findByRole('alert')).textContent).toContain('E-mail ou senha não conferem.');
  });

  it('counts down after too many attempts and lets nobody try meanwhile', async () => {
    const { screen, fill, api } = await atLogin();
    api.refuse('POST /api/auth/login', 'too_many_attempts', { headers: { 'retry-after': '30' } });
    await fill('lucia@example.com', 'senha errada');
    expect(await screen.findByText(/Tente de novo em (?:30|29) s/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Entrar' }).disabled).toBe(true);
  });

  it('calls a lock a lock, says what helps, and how long it lasts', async () => {
    const { screen, fill, api } = await atLogin();
    api.refuse('POST /api/auth/login', 'account_locked', { headers: { 'retry-after': '960' } });
    await fill('lucia@example.com', 'senha certa');
    expect(
      await screen.findByText(/Houve senhas erradas demais .* Entre por um aparelho que você já usou/),
    ).toBeTruthy();
    expect(await screen.findByText(/Tente de novo em 16 min/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Esqueci minha senha' })).toBeTruthy();
  });

  it('holds up no other account than the one that is locked', async () => {
    const { screen, user, fill, api } = await atLogin();
    api.refuse('POST /api/auth/login', 'account_locked', { headers: { 'retry-after': '960' } });
    await fill('lucia@example.com', 'senha certa');
    await screen.findByText(/Tente de novo em 16 min/);
    const enter = screen.getByRole<HTMLButtonElement>('button', { name: 'Entrar' });
    expect(enter.disabled).toBe(true);
    await user.type(screen.getByLabelText('E-mail'), '.br');
    expect(enter.disabled).toBe(false);
    expect(screen.queryByText(/Houve senhas erradas demais/)).toBeNull();
  });

  it('says that the server is out of reach instead of signing out', async () => {
    const api = createFakeApi();
    api.cutOff('POST /api/auth/refresh', 1);
    const { screen, user } = await mountApp({ at: '/', api });
    expect(await screen.findByText('Não conseguimos falar com o servidor')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Tentar de novo' }));
    expect(await screen.findByRole('heading', { name: 'Olá, Lúcia' })).toBeTruthy();
  });

  it('tells who has just deleted the account that it is happening, once', async () => {
    const { screen, router } = await mountApp({
      at: '/entrar?conta=excluida',
      api: createFakeApi({ signedIn: false }),
    });
    // Once to be seen, once to be read out.
    expect(await screen.findAllByText(/Sua conta está sendo excluída/)).not.toEqual([]);
    await expect.poll(() => router.currentRoute.value.fullPath).toBe('/entrar');
  });

  it('changes to English and stays there', async () => {
    const { screen, user } = await atLogin();
    await user.click(await screen.findByRole('button', { name: 'English' }));
    expect(await screen.findByRole('heading', { name: 'Good to see you again' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
    expect(localStorage.getItem('top-active:locale')).toBe('en');
  });
});

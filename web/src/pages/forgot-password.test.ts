import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { mountApp } from '../testing/mount-app.ts';

async function atForgotten() {
  const app = await mountApp({ at: '/entrar', api: createFakeApi({ signedIn: false }) });
  const { screen, user } = app;
  await user.type(await screen.findByLabelText('E-mail'), 'Lucia@Example.com');
  await user.click(screen.getByRole('link', { name: 'Esqueci minha senha' }));
  const ask = async (): Promise<void> => {
    await user.click(await screen.findByRole('button', { name: 'Enviar código' }));
    await screen.findByText(/Se existe uma conta com lucia@example.com/);
  };
  const change = async (code: string, password: string): Promise<void> => {
    await user.type(screen.getByLabelText('Código do e-mail'), code);
    await user.type(screen.getByLabelText('Nova senha'), password);
    await user.click(screen.getByRole('button', { name: 'Salvar senha nova' }));
  };
  const sent = (path: string) => app.api.calls.filter((call) => call.path === path).map(({ body }) => body);
  return { ...app, ask, change, sent };
}

describe('a forgotten password', () => {
  it('is replaced with the code, and leads back to signing in with the e-mail there', async () => {
    const { screen, ask, change, sent, router } = await atForgotten();
    expect((await screen.findByLabelText<HTMLInputElement>('E-mail')).value).toBe('Lucia@Example.com');
    await ask();
    await change('123 456', 'outra senha 2');
    await expect.poll(() => router.currentRoute.value.path).toBe('/entrar');
    expect(sent('/api/auth/reset-password')).toEqual([
      { email: 'lucia@example.com', session: 'reset-session', code: '123456', password: 'outra senha 2' },
    ]);
    expect(await screen.findAllByText('Senha trocada. Entre com a nova.')).not.toEqual([]);
    expect((await screen.findByLabelText<HTMLInputElement>('E-mail')).value).toBe('lucia@example.com');
  });

  it('still waits for the code after a reload', async () => {
    const before = await atForgotten();
    await before.ask();
    before.close();
    const { screen } = await mountApp({ at: '/esqueci-a-senha', api: createFakeApi({ signedIn: false }) });
    // Opened by its address, it brings its own texts.
    expect(await screen.findByLabelText('Código do e-mail')).toBeTruthy();
  });

  it('says what is wrong with code and password, and lets another code be asked for', async () => {
    const { screen, user, ask, change, api, sent } = await atForgotten();
    await ask();
    await change('12', 'kurz');
    expect(await screen.findByText('O código tem seis dígitos.')).toBeTruthy();
    expect(screen.getByText('A senha precisa de pelo menos 10 caracteres.')).toBeTruthy();
    expect(sent('/api/auth/reset-password')).toEqual([]);
    api.refuse('POST /api/auth/reset-password', 'expired_code');
    await change('3456', ' mas longa 1');
    expect((await screen.findByRole('alert')).textContent).toContain('O código venceu ou houve tentativas demais.');
    await user.click(screen.getByRole('button', { name: 'Pedir outro código' }));
    await ask();
    expect(sent('/api/auth/forgot-password')).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { mountApp } from '../testing/mount-app.ts';

async function atRegistration() {
  const app = await mountApp({ at: '/criar-conta', api: createFakeApi({ signedIn: false }) });
  const register = async (): Promise<void> => {
    await app.user.type(await app.screen.findByLabelText('Seu nome'), 'Lúcia');
    await app.user.type(app.screen.getByLabelText('E-mail'), 'Lucia@Example.com');
    await app.user.type(app.screen.getByLabelText('Senha'), 'uma senha boa');
    await app.user.click(app.screen.getByRole('button', { name: 'Criar conta' }));
    await app.screen.findByText('Enviamos um código de seis dígitos para lucia@example.com.');
  };
  return { ...app, register };
}

describe('creating an account', () => {
  it('sends the pasted code without another click and is in', async () => {
    const { screen, user, register, api } = await atRegistration();
    await register();
    await user.click(screen.getByLabelText('Código de confirmação'));
    await user.paste('Código: 123 456');
    expect(await screen.findByRole('heading', { name: 'Olá, Lúcia' })).toBeTruthy();
    const confirm = api.calls.find(({ path }) => path === '/api/auth/confirm');
    expect(confirm?.body).toEqual({ email: 'lucia@example.com', session: 'registration-session', code: '123456' });
  });

  it('still waits for the code after a reload', async () => {
    const before = await atRegistration();
    await before.register();
    before.close();
    const { screen } = await mountApp({ at: '/criar-conta', api: createFakeApi({ signedIn: false }) });
    expect(await screen.findByLabelText('Código de confirmação')).toBeTruthy();
  });

  it('lets a wrong code be corrected', async () => {
    const { screen, user, register, api } = await atRegistration();
    await register();
    api.refuse('POST /api/auth/confirm', 'invalid_code');
    const code = screen.getByLabelText('Código de confirmação');
    await user.type(code, '111111');
    expect(await screen.findByText('O código não confere. Veja se é o do e-mail mais recente.')).toBeTruthy();
    await user.clear(code);
    await user.type(code, '123456');
    expect(await screen.findByRole('heading', { name: 'Olá, Lúcia' })).toBeTruthy();
  });

  it('shows what the server says about a field at that field', async () => {
    const { screen, user, api } = await atRegistration();
    api.refuse('POST /api/auth/register', 'invalid_request', {
      errors: [{ field: 'email', message: 'email has the wrong form', remedy: 'Send another.' }],
    });
    await user.type(await screen.findByLabelText('Seu nome'), 'Lúcia');
    await user.type(screen.getByLabelText('E-mail'), 'lucia@example.com');
    await user.type(screen.getByLabelText('Senha'), 'uma senha boa');
    await user.click(screen.getByRole('button', { name: 'Criar conta' }));
    await expect.poll(() => screen.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true');
  });

  it.each([
    ['common', /primeiras que alguém tentaria/],
    ['own_words', /não pode ser feita do seu nome/],
    ['too_short', /pelo menos 10 caracteres\./],
  ] as const)('says why the server finds a password weak: %s', async (reason, sentence) => {
    const { screen, user, api } = await atRegistration();
    api.refuse('POST /api/auth/register', 'weak_password', {
      errors: [{ field: 'password', message: 'password is weak', remedy: 'Choose another.', reason }],
    });
    await user.type(await screen.findByLabelText('Seu nome'), 'Lúcia');
    await user.type(screen.getByLabelText('E-mail'), 'lucia@example.com');
    await user.type(screen.getByLabelText('Senha'), 'senha12345');
    await user.click(screen.getByRole('button', { name: 'Criar conta' }));
    expect(await screen.findByText(sentence)).toBeTruthy();
  });

  it('says while one types that the password is one’s own name', async () => {
    const { screen, user } = await atRegistration();
    await user.type(await screen.findByLabelText('Seu nome'), 'Lúcia');
    await user.type(screen.getByLabelText('Senha'), 'lucia12345');
    expect(await screen.findByText(/não pode ser feita do seu nome/)).toBeTruthy();
    await user.type(screen.getByLabelText('Senha'), ' janela azul');
    expect(screen.queryByText(/não pode ser feita do seu nome/)).toBeNull();
  });
});

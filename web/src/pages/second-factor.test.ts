import { within } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { createFakeApi } from '../testing/fake-api.ts';
import { mountApp } from '../testing/mount-app.ts';

/** Pages and dialogs are loaded when they are wanted. */
const patience = { timeout: 8_000 };

describe('signing in with a second factor', () => {
  async function atCode() {
    const app = await mountApp({ at: '/entrar', api: createFakeApi({ signedIn: false, secondFactor: true }) });
    const { screen, user } = app;
    await user.type(await screen.findByLabelText('E-mail'), 'lucia@example.com');
    await user.type(screen.getByLabelText('Senha'), 'uma senha boa');
    await user.click(screen.getByRole('button', { name: 'Entrar' }));
    const code = await screen.findByLabelText<HTMLInputElement>('Código do aplicativo', {}, patience);
    return { ...app, code };
  }

  it('empties the field after a wrong code, and lets one go back to the password', async () => {
    const { screen, user, code, api } = await atCode();
    api.refuse('POST /api/auth/login/code', 'invalid_code');
    await user.type(code, '111111');
    expect((await screen.findByRole('alert')).textContent).toContain('O código não confere ou já foi usado.');
    await expect.poll(() => code.value).toBe('');
    await user.click(screen.getByRole('button', { name: 'Voltar' }));
    expect((await screen.findByLabelText<HTMLInputElement>('E-mail')).value).toBe('lucia@example.com');
  });

  it('asks for the code after the password, and is in with the sixth digit', async () => {
    const { screen, user, code, api } = await atCode();
    await user.type(code, '123456');
    expect(await screen.findByRole('heading', { name: 'Olá, Lúcia' }, patience)).toBeTruthy();
    const call = api.calls.find(({ path }) => path === '/api/auth/login/code');
    expect(call?.body).toEqual({ email: 'lucia@example.com', session: 'login-session', code: '123456' });
  });
});

describe('the second factor in the settings', () => {
  async function atSettings(secondFactor: boolean) {
    const app = await mountApp({ at: '/configuracoes', api: createFakeApi({ secondFactor }) });
    await app.user.click(
      await app.screen.findByRole('button', { name: secondFactor ? 'Desligar' : 'Ligar' }, patience),
    );
    await app.screen.findByRole('dialog', {}, patience);
    const sent = () => app.api.calls.filter(({ path, method }) => path.includes('factor') && method !== 'GET');
    return { ...app, sent };
  }

  it('is switched on with the password, the secret and a first code', async () => {
    const { screen, user, sent } = await atSettings(false);
    await user.type(screen.getByLabelText('Senha'), 'uma senha boa{Enter}');
    expect(await screen.findByRole('img', { name: 'Código QR para o aplicativo autenticador' })).toBeTruthy();
    expect(screen.getByText('JBSW Y3DP EHPK 3PXP')).toBeTruthy();
    await user.type(screen.getByLabelText('Código do aplicativo'), '123456');
    await expect
      .poll(() => sent().map(({ body }) => body))
      .toEqual([{ password: 'uma senha boa' }, { password: 'uma senha boa', code: '123456' }]);
    expect(await screen.findByText('Ligada. A cada entrada pedimos um código.')).toBeTruthy();
    await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  });

  it('says when the password is wrong, and shows no secret', async () => {
    const { screen, user, api } = await atSettings(false);
    api.refuse('POST /api/me/second-factor', 'invalid_credentials');
    await user.type(screen.getByLabelText('Senha'), 'errada{Enter}');
    expect(await screen.findByText('A senha não confere.')).toBeTruthy();
    expect(screen.queryByRole('img', { name: /Código QR/ })).toBeNull();
  });

  it('is switched off with password and code', async () => {
    const { screen, user, sent, api } = await atSettings(true);
    const dialog = within(screen.getByRole('dialog'));
    api.refuse('DELETE /api/me/second-factor', 'invalid_code');
    await user.type(screen.getByLabelText('Senha'), 'uma senha boa');
    await user.type(screen.getByLabelText('Código do aplicativo'), '123456');
    await user.click(dialog.getByRole('button', { name: 'Desligar' }));
    expect(await screen.findByText(/O código não confere/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Desligar' }));
    expect(await screen.findByText('Desligada. Só a senha protege sua conta.')).toBeTruthy();
    expect(sent().at(-1)?.body).toEqual({ password: 'uma senha boa', code: '123456' });
  });
});

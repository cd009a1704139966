import { describe, expect, it } from 'vitest';
import { aSuggestion } from '../testing/factories.ts';
import { atThread } from '../testing/inbox-fixture.ts';

describe('a suggestion', () => {
  it('shows text and appointment in the zone of the owner', async () => {
    const { screen } = await atThread({ suggestions: [aSuggestion()] });
    const card = await screen.findByRole('region', { name: 'Sugestão da assistente' });
    expect(card.textContent).toContain('Tenho amanhã às 14h30. Posso marcar?');
    expect(card.textContent).toMatch(/Terça-feira, 24 de novembro · 14:30–15:20/);
    expect(card.textContent).toContain('modelo simulado');
  });

  it('is accepted with one key, outside of fields only', async () => {
    const { screen, user, api } = await atThread({ suggestions: [aSuggestion()] });
    await screen.findByRole('button', { name: /Marcar e enviar/ });
    await user.type(screen.getByLabelText('Escrever mensagem'), 'a');
    expect(api.state.suggestions[0]?.state).toBe('pending');
    await user.clear(screen.getByLabelText('Escrever mensagem'));
    screen.getByLabelText('Escrever mensagem').blur();
    await user.keyboard('a');
    expect(await screen.findByText('Marcando na sua agenda e enviando…')).toBeTruthy();
    expect(api.state.suggestions[0]?.state).toBe('accepted');
  });

  it('is accepted with Ctrl+Enter from the empty composer', async () => {
    const { screen, user, api } = await atThread({ suggestions: [aSuggestion()] });
    await user.click(screen.getByLabelText('Escrever mensagem'));
    await user.keyboard('{Control>}{Enter}{/Control}');
    await expect.poll(() => api.state.suggestions[0]?.state).toBe('accepted');
  });

  it('goes out as edited, and without booking when that is switched off', async () => {
    const { screen, user, api } = await atThread({ suggestions: [aSuggestion()] });
    await user.click(await screen.findByRole('button', { name: 'Editar' }));
    const editor = await screen.findByLabelText('Editar a resposta sugerida');
    await user.clear(editor);
    await user.type(editor, 'Pode ser às 15h?');
    await user.click(screen.getByRole('switch', { name: 'Marcar este horário na agenda' }));
    const send = screen
      .getByRole('region', { name: 'Sugestão da assistente' })
      .querySelector<HTMLElement>('button[type="submit"]');
    if (send) await user.click(send);
    await expect
      .poll(() => api.calls.find(({ path }) => path.endsWith('/accept'))?.body)
      .toEqual({ text: 'Pode ser às 15h?', appointment: null });
  });

  it('goes away when dismissed', async () => {
    const { screen, user, api } = await atThread({ suggestions: [aSuggestion()] });
    await user.click(await screen.findByRole('button', { name: 'Dispensar' }));
    await expect.poll(() => screen.queryByRole('region', { name: 'Sugestão da assistente' })).toBeNull();
    expect(api.state.suggestions[0]?.state).toBe('dismissed');
  });

  it('says that the slot was taken and that nothing was sent, and lends its text', async () => {
    const { screen, user } = await atThread({ suggestions: [aSuggestion({ state: 'failed', failure: 'slot_taken' })] });
    expect(await screen.findByText(/Esse horário acabou de ser ocupado/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Usar o texto' }));
    expect(screen.getByLabelText<HTMLTextAreaElement>('Escrever mensagem').value).toBe(
      'Tenho amanhã às 14h30. Posso marcar?',
    );
  });

  it('links the booked event', async () => {
    const { screen } = await atThread({
      suggestions: [aSuggestion({ state: 'sent', eventUrl: 'https://calendar.test/event' })],
    });
    const link = await screen.findByRole('link', { name: 'Ver na agenda' });
    expect(link.getAttribute('href')).toBe('https://calendar.test/event');
  });

  it('never links anything but a web address', async () => {
    const { screen } = await atThread({
      suggestions: [aSuggestion({ state: 'sent', eventUrl: 'javascript:alert(1)' })],
    });
    await screen.findByText('Marcado na sua agenda e resposta enviada.');
    expect(document.querySelector('a[href^="javascript"]')).toBeNull();
  });

  it('says when somebody else was faster', async () => {
    const { screen, user, api } = await atThread({ suggestions: [aSuggestion()] });
    api.refuse(`POST /api/suggestions/${aSuggestion().id}/accept`, 'suggestion_not_pending');
    await user.click(await screen.findByRole('button', { name: /Marcar e enviar/ }));
    expect((await screen.findAllByText(/não vale mais/)).length).toBeGreaterThan(0);
  });
});

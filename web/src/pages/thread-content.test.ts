import { describe, expect, it } from 'vitest';
import type { Chat, Message } from '@top-active/core/contracts';
import { createFakeApi } from '../testing/fake-api.ts';
import { aChat, aMessage, aWhatsApp, chatId } from '../testing/factories.ts';
import { mountApp } from '../testing/mount-app.ts';

async function show(messages: readonly Partial<Message>[], chat: Partial<Chat> = {}) {
  const api = createFakeApi({
    whatsapp: aWhatsApp({ state: 'linked' }),
    chats: [aChat(chat)],
    messages: messages.map((parts, index) => aMessage(index + 1, parts)),
  });
  const { screen, user } = await mountApp({ at: `/conversas/${chatId}`, api });
  const log = await screen.findByRole('log');
  await expect.poll(() => log.querySelectorAll('li[id^="mensagem-"]').length).toBe(messages.length);
  const texts = [...log.querySelectorAll('li[id^="mensagem-"]')].map((row) => row.textContent.replaceAll(/\s+/g, ' '));
  return { screen, user, log, texts };
}

describe('a message that is more than text', () => {
  it('has the name and number of its sender above it in a group, once for what one person writes in a row', async () => {
    const bia = { id: '5511911112222@c.us', name: 'Bia', phone: '5511911112222' };
    const stranger = { id: '99887766554433@lid' };
    const { texts } = await show([{ sender: bia }, { sender: bia }, { sender: stranger }], { isGroup: true });
    expect(texts[0]).toContain('Bia+55 11 91111-2222');
    expect(texts[1]).not.toContain('+55 11 91111-2222');
    expect(texts[2]).toContain('Sem nome');
  });

  it('shows what it answers, and leads there', async () => {
    const first = aMessage(1);
    const { screen, user, texts } = await show([
      { text: 'Terça às 14h, confirma?', author: 'owner' },
      { quoted: { messageId: first.id, author: 'owner', kind: 'text', text: 'Terça às 14h, confirma?' }, text: 'Sim!' },
      { quoted: { author: 'customer', kind: 'image', text: '' }, text: 'Esta' },
    ]);
    expect(texts[1]).toMatch(/Responde a ?Você ?Terça às 14h, confirma\? ?Sim!/);
    expect(texts[2]).toMatch(/Ana Souza ?Foto ?Esta/);
    const shown: string[] = [];
    Element.prototype.scrollIntoView = function scrolled(this: Element) {
      shown.push(this.id);
    };
    await user.click(screen.getByRole('button', { name: /Terça às 14h/ }));
    expect(shown).toEqual([`mensagem-${first.id}`]);
  });

  it('carries its reactions, with who reacted', async () => {
    const at = '2026-11-23T12:01:00.000Z';
    const { screen } = await show([
      {
        reactions: [
          { author: 'customer', senderId: 'a', emoji: '👍', at },
          { author: 'owner', senderId: 'b', emoji: '👍', at },
          { author: 'customer', senderId: 'c', senderName: 'Bia', emoji: '🎉', at },
        ],
      },
    ]);
    const list = screen.getByRole('list', { name: 'Reações' });
    expect(list.textContent.replaceAll(/\s+/g, ' ')).toBe('👍2 de Ana Souza, Você🎉 de Bia');
  });

  it.each<[string, Partial<Message>, RegExp]>([
    [
      'a place',
      {
        kind: 'location',
        text: '',
        place: { latitude: -23.56, longitude: -46.65, name: 'Clínica', address: 'Rua A, 1' },
      },
      /Localização ?Clínica ?Rua A, 1 ?Abrir no mapa \(-23\.56000, -46\.65000\)/,
    ],
    [
      'contact cards',
      { kind: 'contact', text: '', contacts: [{ name: 'Dr. Rui', phones: ['+55 11 3333-4444'] }] },
      /Contato ?Dr\. Rui ?\+55 11 3333-4444/,
    ],
    [
      'a poll, its question once',
      {
        kind: 'poll',
        text: 'Que dia?',
        poll: {
          question: 'Que dia?',
          multiple: false,
          options: [
            { text: 'Terça', votes: 2 },
            { text: 'Quarta', votes: 0 },
          ],
        },
      },
      /: Enquete ?Que dia\? ?Enquete: uma resposta ?Terça ?2 votos ?Quarta ?Nenhum voto/,
    ],
    [
      'a poll whose votes could not be read, and no number of them',
      {
        kind: 'poll',
        text: 'Que dia?',
        poll: { question: 'Que dia?', multiple: true, options: [{ text: 'Terça' }, { text: 'Quarta' }] },
      },
      /Enquete: várias respostas ?Terça ?Quarta ?Não foi possível ler os votos\. Veja no celular\./,
    ],
    [
      'a voice message',
      { kind: 'voice', text: '', file: { seconds: 7, bytes: 34_000 } },
      /Mensagem de voz · 0:07 · 34 kB · Veja no celular/,
    ],
    [
      'a document by its name',
      { kind: 'document', text: '', file: { name: 'exame.pdf', bytes: 1_200_000 } },
      /exame\.pdf · 1,2 MB/,
    ],
    ['a missed call', { kind: 'call', text: '', call: { missed: true, video: true } }, /Ligação de vídeo perdida/],
    [
      'a picture to be looked at once',
      { kind: 'image', text: '', viewOnce: true },
      /Visualização única\. Só abre no celular/,
    ],
    [
      'an unknown type',
      { kind: 'other', text: '', onPhone: { reason: 'unknown_type', type: 'music' } },
      /Mensagem que só abre no celular/,
    ],
    [
      'one that is not decrypted yet',
      { kind: 'other', text: '', onPhone: { reason: 'not_decrypted' } },
      /ainda não chegou inteira/,
    ],
    [
      'a row that cannot be read',
      { kind: 'other', text: '', onPhone: { reason: 'damaged' } },
      /Não conseguimos ler esta mensagem/,
    ],
    [
      'what is planned on the phone',
      { author: 'owner', delivery: 'pending', text: 'Feliz ano novo', plannedFor: '2026-12-31T15:00:00.000Z' },
      /Feliz ano novo ?Agendada no celular para .*12:00.*Ainda não foi enviada/,
    ],
    [
      'why it was not sent',
      { author: 'owner', delivery: 'failed', failure: 'blocked_by_owner' },
      /você bloqueou este contato/,
    ],
  ])('shows %s', async (_, parts, expected) => {
    const { texts } = await show([parts]);
    expect(texts[0]).toMatch(expected);
  });

  it('takes a place for a link to the map and nothing else', async () => {
    const { screen } = await show([
      { kind: 'location', text: '', place: { latitude: -23.5, longitude: -46.6, name: '<b>x</b>' } },
    ]);
    const link = screen.getByRole('link', { name: /Abrir no mapa/ });
    expect(link.getAttribute('href')).toBe('https://www.google.com/maps/search/?api=1&query=-23.5%2C-46.6');
    expect(link.getAttribute('rel')).toContain('noopener');
    expect(screen.getByText('<b>x</b>')).toBeTruthy();
  });
});

describe('a message of 60,000 letters', () => {
  it('is there with its beginning, and opens further a piece at a time', async () => {
    const { screen, user, log } = await show([{ text: 'W'.repeat(60_000) }, { text: 'Bom dia' }]);
    const written = () => log.textContent.match(/W/g)?.length;
    expect(written()).toBe(1_500);
    await user.click(screen.getByRole('button', { name: 'Mostrar mais do texto' }));
    expect(written()).toBe(5_500);
    const pieces = [...(log.querySelector('p.wrap-anywhere')?.childNodes ?? [])].map(
      (node) => node.textContent?.length,
    );
    expect(Math.max(...pieces.map(Number))).toBeLessThanOrEqual(100);
  });
});

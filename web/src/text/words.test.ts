import { describe, expect, it } from 'vitest';
import { aChat } from '../testing/factories.ts';
import { chatName } from './chat-name.ts';
import { initialsOf } from './initials.ts';
import { formatPhone } from './phone.ts';
import { qrShape } from './qr-shape.ts';
import { matchesSearch } from './search.ts';

describe('words for people', () => {
  it('writes Brazilian numbers the Brazilian way and leaves others alone', () => {
    expect(formatPhone('5511987654321')).toBe('+55 11 98765-4321');
    expect(formatPhone('551133334444')).toBe('+55 11 3333-4444');
    expect(formatPhone('351912345678')).toBe('+351912345678');
  });

  it('takes initials from words only', () => {
    expect(initialsOf('João Pedro da Silva')).toBe('JS');
    expect(initialsOf('Família 🌻')).toBe('F');
    expect(initialsOf('+55 11')).toBe('');
  });

  it('calls a chat without name by its number', () => {
    expect(chatName(aChat({ name: ' ' }), 'Sem nome')).toBe('+55 11 98765-4321');
    expect(chatName(aChat({ name: '', phone: undefined }), 'Sem nome')).toBe('Sem nome');
  });

  it('finds chats by any words, without accents, or by digits', () => {
    const chat = aChat({ name: 'João Pedro' });
    expect(matchesSearch(chat, 'pedro JOAO')).toBe(true);
    expect(matchesSearch(chat, '98765-43')).toBe(true);
    expect(matchesSearch(chat, 'maria')).toBe(false);
  });
});

describe('qrShape', () => {
  it('keeps four quiet modules around the code', () => {
    const { size, path } = qrShape('2@code');
    const columns = [...path.matchAll(/M(\d+) (\d+)/g)].flatMap(([, x, y]) => [Number(x), Number(y)]);
    expect(Math.min(...columns)).toBe(4);
    expect(Math.max(...columns)).toBe(size - 5);
  });
});

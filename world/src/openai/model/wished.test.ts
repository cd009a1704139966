import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { fold } from './fold.ts';
import { wishedDate } from './wished-date.ts';
import { wishedDuration, wishedTime } from './wished-time.ts';

// A Tuesday.
const today = Temporal.PlainDate.from('2026-11-24');

describe('wishedDate', () => {
  it.each([
    ['Tem horário hoje?', '2026-11-24'],
    ['this afternoon works', '2026-11-24'],
    ['amanhã de manhã', '2026-11-25'],
    ['Depois de amanhã pode ser?', '2026-11-26'],
    ['sexta às 15h', '2026-11-27'],
    ['na sexta-feira', '2026-11-27'],
    ['terça', '2026-12-01'],
    ['next Monday 3 pm', '2026-11-30'],
    ['Monday next week', '2026-11-30'],
    ['sexta da semana que vem', '2026-12-04'],
    ['sábado ou domingo', '2026-11-28'],
    ['dia 27', '2026-11-27'],
    ['dia 3', '2026-12-03'],
    ['dia 4 de dezembro', '2026-12-04'],
    ['10 de março', '2027-03-10'],
    ['on the 10th of March', '2027-03-10'],
    ['March 10th', '2027-03-10'],
    ['the 4th', '2026-12-04'],
    ['05/12', '2026-12-05'],
    ['05/12/2026 às 10h', '2026-12-05'],
    ['12/25', '2026-12-25'],
    ['2026-12-24', '2026-12-24'],
  ])('reads %s', (text, day) => {
    const span = wishedDate(fold(text), today);
    expect([span?.first.toString(), span?.last.toString()]).toEqual([day, day]);
  });

  it.each([
    ['semana que vem', '2026-11-30', '2026-12-06'],
    ['this week', '2026-11-24', '2026-11-29'],
    ['no fim de semana', '2026-11-28', '2026-11-29'],
  ])('reads %s as several days', (text, first, last) => {
    const span = wishedDate(fold(text), today);
    expect([span?.first.toString(), span?.last.toString()]).toEqual([first, last]);
  });

  it.each(['Oi, tudo bem?', 'quero marcar um horário', '31/02', '99/99', 'às 15h'])('finds none in %s', (text) => {
    expect(wishedDate(fold(text), today)).toBeUndefined();
  });
});

function clock(text: string): string {
  const { at, window } = wishedTime(fold(text));
  const span = window && `${written(window.from)}-${written(window.to)}`;
  return [at === undefined ? '' : written(at), span].filter(Boolean).join(' ');
}

function written(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

describe('wishedTime', () => {
  it.each([
    ['às 15h', '15:00'],
    ['15h30', '15:30'],
    ['15hs', '15:00'],
    ['às 15:30', '15:30'],
    ['15:30h', '15:30'],
    ['as 9', '9:00'],
    ['as 3', '15:00'],
    ['às três da tarde', '15:00 12:00-18:00'],
    ['3 in the afternoon', '15:00 12:00-18:00'],
    ['at 6:15 in the evening', '18:15 18:00-24:00'],
    ['3 pm', '15:00'],
    ['3:30pm', '15:30'],
    ['12 am', '0:00'],
    ['9 da manhã', '9:00 5:00-12:00'],
    ['às 3 e meia', '15:30'],
    ['meio-dia', '12:00'],
    ['amanhã à tarde', '12:00-18:00'],
    ['amanhã de manhã', '5:00-12:00'],
    ['depois das 16h', '16:00-24:00'],
    ['before 11 am', '0:00-11:00'],
    ['entre 14h e 16h', '14:00-16:00'],
    ['between 2 pm and 4 pm', '14:00-16:00'],
  ])('reads %s', (text, expected) => {
    expect(clock(text)).toBe(expected);
  });

  it.each([
    'Boa tarde!',
    'Good morning',
    'amanhã',
    'dia 4',
    'the 4th',
    '30 minutos',
    '05/12',
    'somos 2 pessoas',
    'mais tarde eu falo',
  ])('finds none in %s', (text) => {
    expect(clock(text)).toBe('');
  });
});

describe('wishedDuration', () => {
  it.each([
    ['30 minutos', 30],
    ['a 45 min session', 45],
    ['2 hours', 120],
    ['um horário amanhã', undefined],
  ])('reads %s', (text, minutes) => {
    expect(wishedDuration(fold(text))).toBe(minutes);
  });
});

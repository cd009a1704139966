import type { Locale } from '@top-active/core/contracts';
import type { Temporal } from 'temporal-polyfill';
import type { Slot } from './slots.ts';

export interface Replies {
  greeting: (greeted: string | undefined) => string;
  /** The slot is exactly what was asked for, or the first one where nothing special was asked for. */
  offer: (slot: string, moved: boolean) => string;
  /** Another time than the one asked for. */
  instead: (slot: string, moved: boolean) => string;
  anotherDay: (slot: string, moved: boolean) => string;
  others: (times: readonly string[]) => string;
  noneFree: (owner: string) => string;
  willLook: (owner: string) => string;
  cancel: (owner: string) => string;
  question: (owner: string) => string;
  alsoAsks: (owner: string) => string;
  confirmed: string;
  thanks: string;
  other: (owner: string) => string;
  title: string;
  someone: string;
  slot: (slot: Slot, today: Temporal.PlainDate) => string;
  time: (time: Temporal.PlainDateTime) => string;
}

const portuguese: Replies = {
  greeting: (greeted) =>
    `${greetings(greeted, { 'bom dia': 'Bom dia', 'boa tarde': 'Boa tarde', 'boa noite': 'Boa noite' }, 'Olá')}! Como posso ajudar? Se quiser marcar um horário, me diga o dia e o período de sua preferência.`,
  offer: (slot, moved) => `Tenho sim: ${slot}. ${moved ? 'Já remarquei' : 'Já deixei reservado'} para você.`,
  instead: (slot, moved) =>
    `Nesse horário não consigo, mas tenho ${slot}. ${moved ? 'Já remarquei' : 'Já deixei reservado'} para você.`,
  anotherDay: (slot, moved) =>
    `Nesse dia não tenho horário livre, mas tenho ${slot}. ${moved ? 'Já remarquei' : 'Já deixei reservado'} para você.`,
  others: (times) => `Se preferir, também tenho ${join(times, 'ou')}.`,
  noneFree: (owner) => `Não encontrei horário livre nesse período. ${owner} vai te responder com uma opção.`,
  willLook: (owner) => `${owner} vai conferir a agenda e já te passa um horário.`,
  cancel: (owner) => `Tudo bem, vou avisar ${owner} para cancelar. Se quiser remarcar, é só me dizer o melhor dia.`,
  question: (owner) => `Boa pergunta! ${owner} confirma isso com você em seguida.`,
  alsoAsks: (owner) => `Sobre a sua outra pergunta, ${owner} confirma com você em seguida.`,
  confirmed: 'Combinado! Qualquer coisa, é só me chamar.',
  thanks: 'Eu que agradeço! Até breve.',
  other: (owner) => `Recebi sua mensagem! ${owner} responde você em seguida.`,
  title: 'Atendimento',
  someone: 'a nossa equipe',
  slot: (slot, today) => `${dayName(slot, today, 'pt-BR')} às ${portuguese.time(slot.start)}`,
  time: ({ hour, minute }) => `${hour}h${minute === 0 ? '' : String(minute).padStart(2, '0')}`,
};

const english: Replies = {
  greeting: (greeted) =>
    `${greetings(greeted, { 'good morning': 'Good morning', 'good afternoon': 'Good afternoon', 'good evening': 'Good evening' }, 'Hello')}! How can I help? If you would like an appointment, tell me which day and time suit you.`,
  offer: (slot, moved) => `Yes, I have ${slot}. I have ${moved ? 'moved it there' : 'reserved it'} for you.`,
  instead: (slot, moved) =>
    `That time is taken, but I have ${slot}. I have ${moved ? 'moved it there' : 'reserved it'} for you.`,
  anotherDay: (slot, moved) =>
    `Nothing is free that day, but I have ${slot}. I have ${moved ? 'moved it there' : 'reserved it'} for you.`,
  others: (times) => `If you prefer, I also have ${join(times, 'or')}.`,
  noneFree: (owner) => `I found no free time there. ${owner} will get back to you with an option.`,
  willLook: (owner) => `${owner} will check the calendar and get back to you with a time.`,
  cancel: (owner) =>
    `All right, I will ask ${owner} to cancel it. If you would like another time, just tell me which day.`,
  question: (owner) => `Good question! ${owner} will get back to you on that shortly.`,
  alsoAsks: (owner) => `As for your other question, ${owner} will get back to you shortly.`,
  confirmed: 'Great, it is settled! Just message me if you need anything.',
  thanks: 'You are welcome! See you soon.',
  other: (owner) => `I got your message! ${owner} will reply to you shortly.`,
  title: 'Appointment',
  someone: 'our team',
  slot: (slot, today) => `${dayName(slot, today, 'en')} at ${english.time(slot.start)}`,
  time: ({ hour, minute }) =>
    `${hour % 12 || 12}${minute === 0 ? '' : `:${String(minute).padStart(2, '0')}`} ${hour < 12 ? 'am' : 'pm'}`,
};

export const repliesIn = { 'pt-BR': portuguese, en: english } as const satisfies Record<Locale, Replies>;

/** `amanhã, terça-feira (24/11)`, `Friday (11/27)` */
function dayName({ start }: Slot, today: Temporal.PlainDate, locale: Locale): string {
  const day = start.toPlainDate();
  const ahead = today.until(day, { largestUnit: 'day' }).days;
  const relative = locale === 'en' ? ['today', 'tomorrow'] : ['hoje', 'amanhã'];
  const weekday = day.toLocaleString(locale, { weekday: 'long' });
  const date = day.toLocaleString(locale, { day: '2-digit', month: '2-digit' });
  return `${relative[ahead] ? `${relative[ahead]}, ` : ''}${weekday} (${date})`;
}

function greetings(greeted: string | undefined, answers: Record<string, string>, otherwise: string): string {
  return answers[greeted ?? ''] ?? otherwise;
}

function join(parts: readonly string[], word: string): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`;
}

import type { OutgoingMessage } from './api.ts';

/** What the "+" of a chat sends besides text. */
export const fileKinds = ['file', 'round', 'viewOnce'] as const;
export const formKinds = ['place', 'contact', 'poll', 'call', 'plan', 'raw'] as const;
export type FileKind = (typeof fileKinds)[number];
export type FormKind = (typeof formKinds)[number];

type Content = Omit<OutgoingMessage, 'to'>;

interface Field {
  name: string;
  /** `lines`: one thing each. */
  input: 'text' | 'lines' | 'datetime-local' | 'checkbox';
  optional?: true;
}

interface SendForm {
  fields: Field[];
  /** @throws SyntaxError where attributes are no JSON */
  content(values: Record<string, string>): Content;
}

/** Minutes from now until a planned message is to go out, unless somebody says otherwise. */
const planMinutes = 60;

export const sendForms: Record<FormKind, SendForm> = {
  place: {
    fields: [
      { name: 'name', input: 'text' },
      { name: 'address', input: 'text', optional: true },
      { name: 'position', input: 'text' },
      { name: 'live', input: 'checkbox', optional: true },
    ],
    content({ name = '', address = '', position = '', live }) {
      const [latitude = NaN, longitude = NaN] = position.split(',').map(Number);
      return { place: { latitude, longitude, name, ...(address && { address }), ...(live && { live: true }) } };
    },
  },
  contact: {
    fields: [
      { name: 'name', input: 'text' },
      { name: 'phones', input: 'lines' },
    ],
    content: ({ name = '', phones = '' }) => ({ contacts: [{ name, phones: linesOf(phones) }] }),
  },
  poll: {
    fields: [
      { name: 'question', input: 'text' },
      { name: 'options', input: 'lines' },
      { name: 'multiple', input: 'checkbox', optional: true },
    ],
    content: ({ question = '', options = '', multiple }) => ({
      poll: { question, options: linesOf(options), multiple: Boolean(multiple) },
    }),
  },
  call: {
    fields: [{ name: 'video', input: 'checkbox', optional: true }],
    content: ({ video }) => ({ call: { outcome: 'Missed', video: Boolean(video) } }),
  },
  plan: {
    fields: [
      { name: 'text', input: 'text' },
      { name: 'at', input: 'datetime-local' },
    ],
    content: ({ text = '', at = '' }) => ({ text, plannedFor: Math.floor(new Date(at).getTime() / 1000) }),
  },
  raw: {
    fields: [
      { name: 'type', input: 'text' },
      { name: 'text', input: 'text', optional: true },
      { name: 'attributes', input: 'lines', optional: true },
    ],
    content({ type = '', text = '', attributes = '' }) {
      const parsed: Record<string, unknown> = attributes.trim() === '' ? {} : JSON.parse(attributes);
      return { type, ...(text && { text }), attributes: parsed };
    },
  },
};

/** Something to start with, so that one tap sends. Local time, as the field takes it. */
export function firstValues(kind: FormKind): Record<string, string> {
  if (kind === 'place') return { name: 'Praça da Sé', address: 'Centro, São Paulo', position: '-23.5503, -46.6339' };
  if (kind === 'contact') return { name: 'Ana Dias', phones: '+55 11 98888-7777' };
  if (kind === 'raw') return { type: 'interactive' };
  if (kind !== 'plan') return {};
  const at = new Date(Date.now() + planMinutes * 60_000);
  return { at: new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

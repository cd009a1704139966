import type { ContactCard } from '@top-active/core/contracts';
import { z } from 'zod';
import { clip, clipped, maxNameLength } from './clip.ts';

const maxCards = 50;
const maxPhones = 10;
const maxPhoneLength = 50;
/** A card may hold a picture; what follows a large one isn't looked at. */
const maxCardLength = 100_000;
const maxLines = 500;

const cardSchema = z.object({
  vcard: z.string().catch(''),
  displayName: z.string().optional().catch(undefined),
});

/**
 * Contact cards as WhatsApp sends them: vCard 2.1 or 3.0, https://www.rfc-editor.org/rfc/rfc2426. Of each the name and
 * the numbers.
 * @param cards `{ vcard, displayName }`
 */
export function readVCards(cards: readonly unknown[]): ContactCard[] {
  return cards.slice(0, maxCards).flatMap((card) => {
    const { data } = cardSchema.safeParse(card);
    return data ? readVCard(data) : [];
  });
}

function readVCard({ vcard, displayName }: z.infer<typeof cardSchema>): ContactCard[] {
  const lines = unfold(clip(vcard, maxCardLength))
    .map(parseLine)
    .filter((line) => line !== undefined);
  const valueOf = (name: string) => lines.find((line) => line.name === name)?.value;
  const name = clipped(displayName, maxNameLength) ?? clipped(valueOf('FN') ?? fullName(valueOf('N')), maxNameLength);
  const phones = lines.filter((line) => line.name === 'TEL').map(({ value }) => clipped(value, maxPhoneLength));
  const kept = [...new Set(phones.filter((phone) => phone !== undefined))].slice(0, maxPhones);
  return name === undefined && kept.length === 0 ? [] : [{ name: name ?? '', phones: kept }];
}

/** A long line goes on in the next, after a space. */
function unfold(card: string): string[] {
  return card.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/, maxLines);
}

/** `item1.TEL;type=CELL;waid=5511…:+55 11 …` */
function parseLine(line: string): { name: string; value: string } | undefined {
  const colon = line.indexOf(':');
  if (colon < 1) return undefined;
  const [property = '', ...parameters] = line.slice(0, colon).split(';');
  const name = property.slice(property.lastIndexOf('.') + 1).toUpperCase();
  const isQuoted = parameters.some((parameter) => /quoted-printable/i.test(parameter));
  const value = line.slice(colon + 1);
  return { name, value: unescape(isQuoted ? decodeQuoted(value) : value) };
}

function unescape(value: string): string {
  return value.replaceAll(/\\([\\,;n])/gi, (_, sign: string) => (sign.toLowerCase() === 'n' ? ' ' : sign));
}

/** https://www.rfc-editor.org/rfc/rfc2045#section-6.7 of UTF-8; old phones write names so. */
function decodeQuoted(value: string): string {
  const bytes = Buffer.from(
    value.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
  return bytes.toString('utf8');
}

/** `<family>;<given>;<more>;<before>;<after>` */
function fullName(n: string | undefined): string {
  const [family = '', given = '', more = ''] = (n ?? '').split(';');
  return [given, more, family].filter((part) => part !== '').join(' ');
}

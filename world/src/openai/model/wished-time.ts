/** Minutes of the day. */
export interface TimeWish {
  /** The time named, when it is one. */
  at?: number | undefined;
  /** Start must lie in here; the end is excluded. */
  window?: { from: number; to: number } | undefined;
}

const dayParts: readonly [RegExp, number, number][] = [
  [/\b(fim|final) (da|de) tarde\b|\blate afternoon\b/, 16, 19],
  [/\bhora d[oe] almoco\b|\bno almoco\b|\blunch ?time\b/, 12, 14],
  [/\bmanha\b|\bmorning\b/, 5, 12],
  [/\btarde\b|\bafternoon\b/, 12, 18],
  [/\bnoite\b|\bevening\b|\btonight\b|\bnight\b/, 18, 24],
];
const numberWords = ['uma', 'duas', 'tres', 'quatro', 'cinco', 'seis', 'sete', 'oito', 'nove', 'dez', 'onze', 'doze'];
const englishWords = [
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const endOfDay = 24 * 60;

/** The time of day that a folded text speaks of. Greetings and durations don't count. */
export function wishedTime(text: string): TimeWish {
  const cleaned = withDigits(
    text
      .replace(/\b(bom dia|boa tarde|boa noite|good (morning|afternoon|evening|night))\b/g, ' ')
      .replace(/\bmais tarde\b/g, ' ')
      .replace(/\b\d{1,3} ?(min(uto)?s?|minutes?|hours?)\b/g, ' ')
      .replace(/\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\/\d{1,2}(\/\d{2,4})?\b/g, ' '),
  );
  const part = dayParts.find(([pattern]) => pattern.test(cleaned));
  const window = part && { from: part[1] * 60, to: part[2] * 60 };
  const times = timesIn(cleaned, window?.from ?? 0);
  const [first, second] = times;
  if (!first) return { window };
  if (second && /\b(entre|between|das|from)\b/.test(cleaned.slice(0, first.index)))
    return { window: { from: first.minutes, to: Math.max(second.minutes, first.minutes + 1) } };
  const before = cleaned.slice(Math.max(0, first.index - 18), first.index);
  if (/\b(depois|apos|a partir|after|later than|from)\b[^,.]*$/.test(before))
    return { window: { from: first.minutes, to: endOfDay } };
  if (/\b(antes|ate|before|until|till)\b[^,.]*$/.test(before)) return { window: { from: 0, to: first.minutes } };
  return { at: first.minutes, window };
}

function timesIn(text: string, partFrom: number): { minutes: number; index: number }[] {
  const pattern =
    /\b(?:(meio[- ]dia|noon)|(\d{1,2})(?::(\d{2})(?: ?h\b)?| ?h(?:s|rs|oras?)?\b ?(\d{2})?\b| ?h(\d{2})\b)?(?: (e meia)\b)?(?: ?(a\.?m|p\.?m)\b\.?)?( o'clock| da (?:manha|tarde|noite)| in the (?:morning|afternoon|evening)| at night)?)/g;
  const found: { minutes: number; index: number }[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, noon, hourText, colon, spaced, joined, half, meridiem, said] = match;
    const preceded =
      /\b(as|at|a|para as|pras|pelas|entre|between|e|and|depois das|antes das|after|before|from|until|till|ate|das|apos)( as| das)? $/.test(
        text.slice(0, match.index),
      );
    const marked =
      noon ?? colon ?? spaced ?? joined ?? half ?? meridiem ?? said ?? (/\d ?h/.test(whole) ? 'h' : undefined);
    if (marked === undefined && !preceded) continue;
    // “the 4th”, “dia 4”, “2 pessoas” are no times.
    if (
      /^(st|nd|rd|th|o\b|ª|º|%| (de|of|pessoas|people|vezes|days?|dias?|semanas?|weeks?)\b)/.test(
        text.slice(match.index + whole.length),
      )
    )
      continue;
    const minute = half ? 30 : Number(colon ?? spaced ?? joined ?? 0);
    let hour = noon ? 12 : Number(hourText);
    if (meridiem?.startsWith('p') && hour < 12) hour += 12;
    else if (meridiem?.startsWith('a') && hour === 12) hour = 0;
    else if (!meridiem && hour < 12 && partFrom >= 12 * 60) hour += 12;
    // Nobody opens at three in the morning.
    else if (!meridiem && partFrom === 0 && hour >= 1 && hour <= 6) hour += 12;
    if (hour <= 23 && minute <= 59) found.push({ minutes: hour * 60 + minute, index: match.index });
  }
  return found;
}

/** “às três da tarde”, “at three”. */
function withDigits(text: string): string {
  const all = [...numberWords, ...englishWords];
  const pattern = new RegExp(
    `\\b(as |a |at |pelas )(${all.join('|')})\\b|\\b(${all.join('|')})(?= (?:horas?|da (?:manha|tarde|noite)|o'clock|in the|[ap]\\.?m))`,
    'g',
  );
  return text.replace(pattern, (_, lead: string | undefined, after: string | undefined, bare: string | undefined) => {
    const word = after ?? bare ?? '';
    const index = numberWords.includes(word) ? numberWords.indexOf(word) : englishWords.indexOf(word);
    return `${lead ?? ''}${index + 1}`;
  });
}

/** Minutes that the customer wants, when they say so. */
export function wishedDuration(text: string): number | undefined {
  const minutes = /\b(\d{1,3}) ?(min(uto)?s?|minutes?)\b/.exec(text);
  if (minutes) return Number(minutes[1]);
  const hours = /\b(\d|uma|duas|one|two|an?)[ -]hours?\b|\b(\d|uma|duas) horas? de duracao\b/.exec(text);
  if (!hours) return undefined;
  const word = hours[1] ?? hours[2] ?? '1';
  return (Number(word) || (word === 'duas' || word === 'two' ? 2 : 1)) * 60;
}

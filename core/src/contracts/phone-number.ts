/** Why a text is no phone number that WhatsApp could know: the app has a sentence for each. */
export type PhoneProblem = 'empty' | 'letters' | 'area' | 'length' | 'mobile';

export type ParsedPhone = { phone: string } | { problem: PhoneProblem };

/** The area codes that Brazil has given out. */
const areaCode = /^(?:1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])$/;

/**
 * A phone number as people write it → international digits: `+55 (11) 91234-5678`, `11912345678`, `011…`, with and
 * without ninth digit and country code. Without a plus it is Brazilian; other countries begin with `+` or `00`.
 */
export function parsePhone(text: string): ParsedPhone {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'empty' };
  if (!/^\+?[\d\s().\-/\u00a0\u2010-\u2015]+$/.test(trimmed)) return { problem: 'letters' };
  const digits = trimmed.replace(/\D/g, '');
  const isInternational = trimmed.startsWith('+') || digits.startsWith('00');
  if (!isInternational) return parseBrazilian(digits);
  const international = trimmed.startsWith('+') ? digits : digits.slice(2);
  if (international.startsWith('55')) return parseNational(international.slice(2));
  return /^[1-9]\d{7,14}$/.test(international) ? { phone: international } : { problem: 'length' };
}

/**
 * With the trunk prefix (`0`, or `0` and a carrier), with the country code, or neither. 55 is an area code too: length
 * decides.
 */
function parseBrazilian(digits: string): ParsedPhone {
  const national = digits.replace(/^0(?:\d\d(?=\d{10,11}$))?/, '');
  return parseNational(/^55\d{10,11}$/.test(national) ? national.slice(2) : national);
}

/** Area code and subscriber. Mobile numbers of before the ninth digit get it. */
function parseNational(digits: string): ParsedPhone {
  const national = digits.replace(/^0/, '');
  if (national.length < 10 || national.length > 11) return { problem: 'length' };
  const area = national.slice(0, 2);
  const subscriber = national.slice(2);
  if (!areaCode.test(area)) return { problem: 'area' };
  if (subscriber.length === 9) return subscriber.startsWith('9') ? { phone: `55${national}` } : { problem: 'mobile' };
  if (/^[6-9]/.test(subscriber)) return { phone: `55${area}9${subscriber}` };
  return /^[2-5]/.test(subscriber) ? { phone: `55${national}` } : { problem: 'mobile' };
}

/**
 * The same number as WhatsApp may know it: many Brazilian accounts are older than the ninth digit. The likelier one
 * first.
 */
export function registrationsOf(phone: string): [string, ...string[]] {
  const mobile = /^55(\d\d)9([6-9]\d{7})$/.exec(phone);
  return mobile ? [phone, `55${mobile[1]}${mobile[2]}`] : [phone];
}

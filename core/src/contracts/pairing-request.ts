import { z } from 'zod';
import { parsePhone, type PhoneProblem } from './phone-number.ts';
import { connectWhatsAppRequestSchema } from './whatsapp.ts';

const problemWords: Record<PhoneProblem, string> = {
  empty: 'is empty: send area code and number, like 11 91234-5678',
  letters: 'has characters that no phone number has: send digits, like +55 (11) 91234-5678',
  area: 'has an area code that Brazil does not use: begin with the two digits of the area code, or with + and the country code',
  length: 'has too few or too many digits: send area code and number, like 11 91234-5678, or + and the country code',
  mobile: 'is no number of Brazil: mobile numbers have nine digits after the area code and begin with 9',
};

/** Any spelling that people use; international digits afterwards. */
const phoneNumberSchema = z
  .string()
  .max(40)
  .transform((text, context) => {
    const parsed = parsePhone(text);
    if ('phone' in parsed) return parsed.phone;
    context.addIssue({ code: 'custom', message: problemWords[parsed.problem] });
    return z.NEVER;
  });

export const pairingCodeRequestSchema = connectWhatsAppRequestSchema.extend({ phone: phoneNumberSchema });

/** What everybody would try first for an account of this product. */
const productWords = ['topactive', 'whatsapp'];
/** What has to be left of a password without its owner's words: fewer are tried in no time. */
const leftAtLeast = 8;
const shortestWord = 3;

export interface WhoseWords {
  email: string;
  name?: string | undefined;
}

/**
 * The words that a stranger tries first for this account: the e-mail and its parts, the name and its parts, the
 * product's name. Folded to small letters without accents, the longest first, none shorter than three letters.
 */
export function ownWords({ email, name = '' }: WhoseWords): string[] {
  const mail = fold(email);
  const [local = '', domain = ''] = mail.split('@');
  const words = [mail, local, domain, ...parts(local), ...parts(domain), fold(name), ...parts(fold(name))];
  const joined = [local, fold(name)].map((text) => parts(text).join(''));
  return [...new Set([...words, ...joined, ...productWords])]
    .filter((word) => word.length >= shortestWord)
    .toSorted((a, b) => b.length - a.length);
}

/** Whether a password is one of its owner's own words, with little else. */
export function isOwnWord(password: string, whose: WhoseWords): boolean {
  const folded = fold(password);
  const left = ownWords(whose).reduce((rest, word) => rest.replaceAll(word, ''), folded);
  return left.length < folded.length && left.length < leftAtLeast;
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

function parts(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u);
}

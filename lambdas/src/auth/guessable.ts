import { ownWords, type WhoseWords } from '@top-active/core/domain';
import { lazily } from '../cold-start.ts';

/** Guesses up to here are tried by a patient stranger: below 10^8 (zxcvbn's score 3), a password is refused. */
const enoughScore = 3;
/** What is looked at: the time grows with the square of the length, and the start of a long one tells enough. */
const lookedAt = 64;

/**
 * Whether a password is quickly guessed by who knows the common ones (English and Portuguese: passwords, words, names),
 * keyboards, dates, repetitions, and these words of its owner. The lists, 1 MB, are loaded with the first question:
 * most invocations of the function set no password.
 */
export async function isGuessable(password: string, whose: WhoseWords): Promise<boolean> {
  const guesser = await loadGuesser();
  return guesser.check(password.slice(0, lookedAt), ownWords(whose)).score < enoughScore;
}

const loadGuesser = lazily(async () => {
  const [{ ZxcvbnFactory }, common, portuguese] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-pt-br'),
  ]);
  return new ZxcvbnFactory({
    graphs: common.adjacencyGraphs,
    dictionary: { ...common.dictionary, ...portuguese.dictionary },
    maxLength: lookedAt,
  });
});

import type { ptBr } from './pt-br/index.ts';
import type { passkey } from './pt-br/passkey.ts';

type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** What every language must have: a missing or misspelt key doesn't compile. */
export type Messages = Texts<typeof ptBr>;
export type PasskeyMessages = Texts<{ passkey: typeof passkey }>;
/** `common.nav.logout` and the like. */
export type MessageKey = Paths<Messages> | Paths<PasskeyMessages>;

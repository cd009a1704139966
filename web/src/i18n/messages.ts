import type { ptBr } from './pt-br/index.ts';

type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** What every language must have: a missing or misspelt key doesn't compile. */
export type Messages = Texts<typeof ptBr>;
/** `common.nav.logout` and the like. */
export type MessageKey = Paths<Messages>;

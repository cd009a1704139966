import type { ptBr } from './pt-br/index.ts';
import type { auth } from './pt-br/auth.ts';
import type { fields } from './pt-br/fields.ts';
import type { openAi } from './pt-br/openai.ts';
import type { passkey } from './pt-br/passkey.ts';
import type { problems } from './pt-br/problems.ts';
import type { settings } from './pt-br/settings.ts';
import type { setup } from './pt-br/setup.ts';

type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

interface LazyTexts {
  auth: typeof auth;
  fields: typeof fields;
  openAi: typeof openAi;
  passkey: typeof passkey;
  problems: typeof problems;
  settings: typeof settings;
  setup: typeof setup;
}

/** What every language must have: a missing or misspelt key doesn't compile. */
export type Messages = Texts<typeof ptBr & LazyTexts>;
export type BaseMessages = Pick<Messages, keyof typeof ptBr>;
/** Texts that are loaded when a page or component needs them. */
export type TextArea = keyof LazyTexts;
/** `common.nav.logout` and the like. */
export type MessageKey = Paths<Messages>;

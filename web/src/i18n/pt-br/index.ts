import { common } from './common.ts';
import { inbox } from './inbox.ts';

/**
 * What every page needs, in the language that all others are measured against. The rest comes with the page that needs
 * it.
 */
export const ptBr = { common, inbox };

import type { BaseMessages } from '../messages.ts';
import { common } from './common.ts';
import { inbox } from './inbox.ts';

export const en: BaseMessages = { common, inbox };

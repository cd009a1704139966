import type { Messages } from '../messages.ts';
import { auth } from './auth.ts';
import { common } from './common.ts';
import { fields } from './fields.ts';
import { inbox } from './inbox.ts';
import { problems } from './problems.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';

export const en: Messages = { common, auth, setup, inbox, settings, problems, fields };

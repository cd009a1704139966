import { MsgKey } from '../ids.ts';
import type { PageChange } from './change.ts';

/** July 2026: each key has its text as `$1`, by which the minifier calls it, and no longer as `_serialized`. */
export const keysNameTheirTextOtherwise: PageChange = {
  name: 'message keys without _serialized',
  apply({ settings }) {
    MsgKey.textProperty = settings.alias;
  },
};

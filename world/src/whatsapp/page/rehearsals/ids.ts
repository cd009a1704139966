import type { PageChange } from '../builds/change.ts';
import { Wid } from '../ids.ts';

/** Ids of people and groups name their text otherwise too, as those of messages do. */
export const widsNameTheirTextOtherwise: PageChange = {
  name: 'ids without _serialized',
  apply({ settings }) {
    Wid.textProperty = settings.alias;
  },
};

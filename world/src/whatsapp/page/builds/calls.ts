import { CallCollection } from '../modules/calls.ts';
import type { PageChange } from './change.ts';

/** September 2026: a call that rings is told by `change:activeCall`, and is no longer put into the map. */
export const callsByActiveCall: PageChange = {
  name: 'calls by change:activeCall',
  apply({ modules }) {
    const calls = modules.WAWebCallCollection;
    if (calls instanceof CallCollection) calls.announcesActiveCall = true;
  },
};

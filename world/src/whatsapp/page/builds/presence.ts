import { wid } from '../ids.ts';
import type { PageChange } from './change.ts';
import { partOf, withdraw } from './part-of.ts';

const bridge = 'WAWebContactPresenceBridge';

async function subscribe(id: unknown): Promise<void> {
  wid(id);
}

/** May 2026: people and groups are watched by functions of their own, beside the one for both. */
export const presenceByKind: PageChange = {
  name: 'presence of people and groups by functions of their own',
  apply({ modules }) {
    Object.assign(partOf(modules, bridge), { subscribeUserPresence: subscribe, subscribeGroupPresence: subscribe });
  },
};

/** September 2026: only these are left. */
export const presenceByKindAlone: PageChange = {
  name: 'no subscribePresence',
  apply: ({ modules }) => withdraw(modules, bridge, 'subscribePresence'),
};

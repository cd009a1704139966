import type { PageSettings } from '../../page-settings.ts';
import type { PageChange } from '../builds/change.ts';
import { widsNameTheirTextOtherwise } from './ids.ts';
import { historyByQuery, listenersFail, requireIsHidden } from './missing-modules.ts';
import { historyByPosition, seenByPosition } from './positional-arguments.ts';
import { addonsElsewhere, messagesAddSilently } from './silent-events.ts';

/** Changes that are no known build's: what may come next, or has been before, to be tried on top of any build. */
export function rehearsed({ rehearsals }: PageSettings): PageChange[] {
  const wanted: [boolean, PageChange][] = [
    [rehearsals.seenSignature === 'positional', seenByPosition],
    [rehearsals.loadSignature === 'positional', historyByPosition],
    [rehearsals.historyQuery, historyByQuery],
    [rehearsals.throwingListener, listenersFail],
    [rehearsals.widAlias, widsNameTheirTextOtherwise],
    [rehearsals.msgAddSilent, messagesAddSilently],
    [rehearsals.reactionsElsewhere, addonsElsewhere],
    [rehearsals.noRequire, requireIsHidden],
  ];
  return wanted.flatMap(([isOn, change]) => (isOn ? [change] : []));
}

import type { PageModules } from '../../page-modules.ts';
import type { ProbeContext } from '../probe-context.ts';

/**
 * What the library asks for, in whatever page it is put into: where one of these is gone there is neither a code nor
 * readiness.
 */
export function probeStart({ need, expects }: ProbeContext): void {
  const names = [
    'WABase64',
    'WAWebAdvSignatureApi',
    'WAWebAltDeviceLinkingApi',
    'WAWebCmd',
    'WAWebCollections',
    'WAWebCompanionRegClientUtils',
    'WAWebConnModel',
    'WAWebOfflineHandler',
    'WAWebSignalStoreApi',
    'WAWebSocketModel',
    'WAWebUserPrefsInfoStore',
    'WAWebUserPrefsMeUser',
    'WAWebUserPrefsMultiDevice',
  ] as const satisfies (keyof PageModules)[];
  for (const name of names) expects(name, need(name) !== undefined);
}

import type { PageChange } from './change.ts';

/** The loader's own, and what shows the QR code and links: there as soon as the page shows itself. */
const first = [
  '__debug',
  'Bootloader',
  'ErrorGuard',
  'WAWebSocketModel',
  'WAWebConnModel',
  'WAWebCmd',
  'WAWebStreamModel',
  'WAWebOfflineHandler',
  'WAWebAltDeviceLinkingApi',
  'WAWebLaunchSocketUtils',
  'WABase64',
  'WAWebCompanionRegClientUtils',
  'WAWebAdvSignatureApi',
  'WAWebUserPrefsInfoStore',
  'WAWebSignalStoreApi',
  'WAWebUserPrefsMultiDevice',
  'WAWebUserPrefsMeUser',
  'WAWebMiscBrowserUtils',
];

/**
 * May to July 2026: most modules are registered bit by bit after the page has loaded; asking too early is an error, and
 * logged.
 */
export const modulesComeLater: PageChange = {
  name: 'modules that are registered bit by bit',
  apply({ registry, settings }) {
    registry.complain();
    registry.registerOver(settings.registerMs, first);
  },
};

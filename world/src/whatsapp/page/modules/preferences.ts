import type { Modules } from '../registry.ts';

/** Settings of the page itself: kept in Local Storage, as on WhatsApp Web. */
export function preferenceModules(): Modules {
  const names = ['AutoDownloadAudio', 'AutoDownloadDocuments', 'AutoDownloadPhotos', 'AutoDownloadVideos'];
  const general = Object.fromEntries(
    names.flatMap((name): [string, unknown][] => [
      [`get${name}`, () => localStorage.getItem(name) !== 'false'],
      [`set${name}`, (flag: boolean) => localStorage.setItem(name, String(flag))],
    ]),
  );
  return {
    WAWebUserPrefsGeneral: general,
    WAWebUserPrefsNotifications: {
      getGlobalOfflineNotifications: () => localStorage.getItem('GlobalOfflineNotifications') === 'true',
      setGlobalOfflineNotifications: (flag: boolean) =>
        localStorage.setItem('GlobalOfflineNotifications', String(flag)),
    },
    WAWebL10N: { getRegion: () => 'BR' },
  };
}

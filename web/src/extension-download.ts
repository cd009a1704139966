/**
 * Where the link extension is to be had: the stores, if the operator has published it there and built the app with
 * these, else the archive beside the app.
 */
const inStores = {
  chromium: import.meta.env.VITE_EXTENSION_CHROME_STORE,
  firefox: import.meta.env.VITE_EXTENSION_FIREFOX_STORE,
};

type ExtensionKind = 'chromium' | 'firefox' | 'none';

export interface ExtensionDownload {
  kind: ExtensionKind;
  /** Installs at one click. */
  store?: string | undefined;
  /** To be unpacked and loaded by hand. */
  archive?: string | undefined;
}

/** For the browser that shows the app. Phones take no extensions. */
export function extensionFor(userAgent: string): ExtensionDownload {
  if (/Android|iPhone|iPad|Mobile/.test(userAgent)) return { kind: 'none' };
  const kind = /Firefox\//.test(userAgent) ? 'firefox' : /Chrom(?:e|ium)\//.test(userAgent) ? 'chromium' : 'none';
  if (kind === 'none') return { kind };
  const store = inStores[kind];
  return store ? { kind, store } : { kind, archive: `/extension/top-active-link-${kind}.zip` };
}

/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Address of the link extension in the Chrome Web Store, where it is published. */
  readonly VITE_EXTENSION_CHROME_STORE?: string;
  /** The same at addons.mozilla.org. */
  readonly VITE_EXTENSION_FIREFOX_STORE?: string;
}

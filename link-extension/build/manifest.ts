export const targets = ['chromium', 'firefox'] as const;
export type Target = (typeof targets)[number];

/** Asked for at install, and no more than these: `activeTab` is given by the click on the icon, for that tab alone. */
const permissions = ['activeTab', 'scripting', 'storage'];
const hostPermissions = ['https://web.whatsapp.com/*'];
const sizes = [16, 32, 48, 128];

/** The manifest of one kind of browser. Chrome, Edge and Brave take the same. */
export function manifestFor(target: Target, version: string): Record<string, unknown> {
  const icons = Object.fromEntries(sizes.map((size) => [String(size), `icons/icon-${size}.png`]));
  return {
    manifest_version: 3,
    name: '__MSG_name__',
    short_name: 'Top Active',
    description: '__MSG_description__',
    version,
    default_locale: 'pt_BR',
    permissions,
    host_permissions: hostPermissions,
    action: { default_title: '__MSG_actionTitle__', default_icon: icons },
    icons,
    content_security_policy: { extension_pages: "default-src 'none'; script-src 'self'; object-src 'none'" },
    ...(target === 'chromium' ? chromiumOnly : firefoxOnly),
  };
}

const chromiumOnly = {
  background: { service_worker: 'background.js' },
  // `PublicKeyCredential.toJSON`.
  minimum_chrome_version: '129',
};

const firefoxOnly = {
  background: { scripts: ['background.js'] },
  browser_specific_settings: {
    gecko: {
      id: 'link@top-active.example',
      // The declaration of what leaves the extension.
      strict_min_version: '140.0',
      // The signed answer goes to the page that the user confirmed it for, and nowhere else.
      data_collection_permissions: { required: ['authenticationInfo'] },
    },
  },
};

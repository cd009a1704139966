import { fileURLToPath } from 'node:url';
import ui from '@nuxt/ui/vite';
import { packExtension } from '@top-active/link-extension/build';
import vue from '@vitejs/plugin-vue';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The archives of the link extension beside the app, for owners who load it by hand. */
function linkExtension(): Plugin {
  return {
    name: 'link-extension',
    apply: 'build',
    async generateBundle() {
      for (const target of ['chromium', 'firefox'] as const)
        this.emitFile({
          type: 'asset',
          fileName: `extension/top-active-link-${target}.zip`,
          source: await packExtension(target),
        });
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [
    linkExtension(),
    vue(),
    ui({
      // Components are imported by name where they are used: nothing generated, nothing global.
      autoImport: false,
      components: false,
      dts: false,
      colorMode: false,
      // Icons named in the sources are compiled into the bundle; none is fetched at run time.
      icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'] } } },
      experimental: { componentDetection: true },
      ui: { colors: { primary: 'brand', neutral: 'sage' } },
    }),
  ],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'false',
  },
  build: {
    target: 'es2023',
    manifest: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // What ten parts or more share comes in one file: together it compresses better than in twenty small ones.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 10 }] } } },
  },
  server: { host: '127.0.0.1' },
  test: {
    environment: 'happy-dom',
    include: ['{src,size}/**/*.test.ts'],
  },
});

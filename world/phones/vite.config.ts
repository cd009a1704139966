import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/phones/',
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: false, __VUE_I18N_LEGACY_API__: false, __INTLIFY_DROP_MESSAGE_COMPILER__: false },
  // No data: addresses: the page's policy wants every file from its own origin.
  build: { target: 'es2022', assetsInlineLimit: 0 },
});

import stylistic from '@stylistic/eslint-plugin';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/** Vue files only: everything else is oxlint's. */
export default [
  { ignores: ['**/dist/**', '**/node_modules/**', '.local/**', 'cdk.out/**'] },
  ...vue.configs['flat/strongly-recommended'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, sourceType: 'module', ecmaVersion: 'latest' },
    },
    plugins: { '@stylistic': stylistic },
    rules: {
      // Code is the formatter's: only comments are measured.
      '@stylistic/max-len': ['error', { code: 1000, comments: 120, ignoreUrls: true }],
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-unused-refs': 'error',
      'vue/no-unused-emit-declarations': 'error',
      'vue/no-useless-v-bind': 'error',
      'vue/require-typed-ref': 'error',
      'vue/no-bare-strings-in-template': ['error', { allowlist: ['·', '–', '/', '%', ':', '(', ')', ','] }],
      'vue/multi-word-component-names': 'off',
      // Types say which props are optional; destructured defaults say the rest.
      'vue/require-default-prop': 'off',
      // Layout is the formatter's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
    },
  },
];

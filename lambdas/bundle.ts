import type { BuildOptions, Plugin } from 'esbuild';

/**
 * What is in packages and never runs here. Everything else of them is bundled as it is.
 * - zod brings its error texts in all languages with `z.locales`; ours come from our own catalog.
 * - fetch-blob (of google-auth-library) brings streams for a Node without them.
 */
const leaveOutUnused: Plugin = {
  name: 'leave-out-unused',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
    build.onLoad({ filter: /[\\/]web-streams-polyfill[\\/]/ }, () => ({
      contents: "throw new Error('Node has streams of its own');",
    }));
  },
};

/**
 * How a Lambda function becomes a file: everything in one ES module, the AWS SDK included, so that what runs in AWS is
 * what the lockfile says. Used by infra for the deployment and by the local stack.
 *
 * The caller adds `entryPoints` and `outdir`. The handler export is called `handler`.
 */
export const bundleOptions: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // A file called .mjs is an ES module wherever it is put, without a package.json beside it.
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  // Names stay: errors and logs show them.
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [leaveOutUnused],
  // CommonJS dependencies expect these four; esbuild keeps `require` free and renames whatever else is called so.
  banner: {
    js: [
      "import { createRequire as __bundleCreateRequire } from 'node:module';",
      'const require = __bundleCreateRequire(import.meta.url);',
      'const __bundleFilename = import.meta.filename;',
      'const __bundleDirname = import.meta.dirname;',
    ].join('\n'),
  },
  define: { __filename: '__bundleFilename', __dirname: '__bundleDirname' },
};

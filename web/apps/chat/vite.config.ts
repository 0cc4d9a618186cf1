import vue from '@vitejs/plugin-vue';
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';
import { serviceWorker } from './precache.ts';

/** What this is. */
const about = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
  license: string;
};

/** Where `npm run dev` finds a running server. */
const server = process.env['HONGYAN_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/',
  plugins: [vue(), serviceWorker()],
  define: {
    __APP_VERSION__: JSON.stringify(about.version),
    __APP_LICENSE__: JSON.stringify(about.license),
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  // Of a catalogue every text is wanted, and only as a whole.
  json: { namedExports: false },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // The content policy allows images of our own origin; inlined ones would only grow the scripts.
    assetsInlineLimit: 0,
    // An inline module preload polyfill is not needed by any browser that runs the rest.
    modulePreload: { polyfill: false },
    // The second is the page of a captcha, which stands in a frame of the first.
    rolldownOptions: { input: { index: 'index.html', captcha: 'captcha.html' } },
    // Of which chunks each page consists: for tools/dev/web_budgets.py.
    manifest: true,
  },
  server: {
    proxy: {
      // The server compares the page's origin with the Host: it stays the one that the browser sent.
      '/v1': { target: server },
      '/ws': { target: server.replace(/^http/, 'ws'), ws: true },
    },
  },
});

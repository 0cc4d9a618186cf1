import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds a running server. */
const server = process.env['HONGYAN_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/',
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
  },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    // The content policy allows images of our own origin; inlined ones would only grow the scripts.
    assetsInlineLimit: 0,
    // An inline module preload polyfill is not needed by any browser that runs the rest.
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/v1': { target: server, changeOrigin: true },
      '/ws': { target: server.replace(/^http/, 'ws'), ws: true, changeOrigin: true },
    },
  },
});

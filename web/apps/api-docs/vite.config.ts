import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What the licence of Swagger UI asks of whoever passes it on, as `licences.txt`. */
function licences(): Plugin {
  const require = createRequire(import.meta.url);
  const files = ['LICENSE', 'NOTICE', 'swagger-ui-es-bundle.js.LICENSE.txt'];
  const read = (name: string) => readFileSync(require.resolve(`swagger-ui-dist/${name}`), 'utf8');
  return {
    name: 'licences',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: files.map(read).join('\n') });
    },
  };
}

// Nearly as small as the best at a tenth of its time.
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** Compressed forms beside the large files, so that no server has to make them at its start. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const [name, file] of Object.entries(bundle)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const source = file.type === 'chunk' ? file.code : file.source;
        this.emitFile({ type: 'asset', fileName: `${name}.br`, source: brotliCompressSync(source, brotli) });
        this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) });
      }
    },
  };
}

export default defineConfig({
  base: '/docs/',
  plugins: [licences(), compressed()],
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Swagger UI is one file of a megabyte and a half, and nobody waits for this page.
    chunkSizeWarningLimit: 2_000,
  },
});

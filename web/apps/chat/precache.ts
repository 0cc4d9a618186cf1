import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

/** What a start without a network does not need: what only an installation, a tool or a debugger asks for. */
const LEFT_OUT = /^(?:icons|\.vite)\/|^(?:sw\.js|captcha\.html|manifest\.webmanifest)$|\.map$/;

interface Kept {
  readonly url: string;
  /** Null where the name says which version it is. */
  readonly revision: string | null;
}

/** Builds the service worker once everything else is built: it holds the list of the files it keeps. */
export function serviceWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'hongyan-service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const folder = join(config.root, config.build.outDir);
        await build({
          configFile: false,
          root: config.root,
          publicDir: false,
          logLevel: 'warn',
          define: {
            'process.env.NODE_ENV': JSON.stringify('production'),
            __KEPT_FILES__: JSON.stringify(filesToKeep(folder, `${config.build.assetsDir}/`)),
          },
          build: {
            outDir: folder,
            emptyOutDir: false,
            modulePreload: false,
            rolldownOptions: {
              input: join(config.root, 'src/worker/sw.ts'),
              output: { format: 'iife', entryFileNames: 'sw.js' },
            },
          },
        });
      },
    },
  };
}

/** Every file of the built client that a page may ask for. */
function filesToKeep(folder: string, hashed: string): Kept[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !LEFT_OUT.test(name))
    .sort()
    .map((name) => ({
      url: `/${name}`,
      revision: name.startsWith(hashed) ? null : digestOf(readFileSync(join(folder, name))),
    }));
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

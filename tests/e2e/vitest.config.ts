import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Every data folder of a run lies in this one, so that what a failed test leaves behind can be found and removed.
const folder = mkdtempSync(join(tmpdir(), 'hongyan-run-'));
process.env.HONGYAN_TEST_FOLDER = folder;

const shared = {
  globalSetup: ['./support/cleanup.ts'],
  env: { TMPDIR: folder },
  // A server and its clients want both cores of a small machine; the measurements want them alone.
  fileParallelism: false,
  hookTimeout: 40_000,
};

export default defineConfig({
  test: {
    fileParallelism: false,
    projects: [
      { test: { ...shared, name: 'e2e', include: ['*.test.ts'], testTimeout: 30_000 } },
      { test: { ...shared, name: 'crash', dir: '../crash', include: ['*.test.ts'], testTimeout: 60_000 } },
      { test: { ...shared, name: 'latency', include: ['latency.ts'], testTimeout: 120_000 } },
    ],
  },
});

import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';

/**
 * Debian's browser, or the one the environment names: none is downloaded. Without a screen to draw for it needs half as
 * much of the processors.
 */
function chromium(): string {
  const find = 'command -v chromium-headless-shell || command -v chromium || command -v google-chrome';
  return process.env['CHROMIUM'] ?? execFileSync('sh', ['-c', find]).toString().trim();
}

export default defineConfig({
  testDir: './specs',
  outputDir: './results',
  // Each test has a server and browsers of its own, and waits most of the time.
  workers: 2,
  projects: [
    { name: 'journeys', testIgnore: '**/bars.spec.ts' },
    // Measurements want the machine for themselves: `make journey` runs them afterwards.
    { name: 'bars', testMatch: '**/bars.spec.ts', workers: 1 },
  ],
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    // Pictures of every step take a third of the time: `--trace on` for who looks into a failure.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false, sources: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // A name that is not this machine's, for what browsers withhold from plain http.
        '--host-resolver-rules=MAP another-machine.test 127.0.0.1',
      ],
    },
  },
});

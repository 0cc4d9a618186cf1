import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config.ts';

/** The pictures of docs/screens: `make screens`. */
export default defineConfig({
  ...journeys,
  testDir: '.',
  outputDir: '../results',
  use: { ...journeys.use, trace: 'off' },
});

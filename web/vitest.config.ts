import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/sdk/src/**'],
      exclude: ['**/generated/**', '**/*.test.ts'],
    },
    projects: [
      { test: { name: 'sdk', include: ['packages/sdk/**/*.test.ts'], environment: 'node' } },
      { test: { name: 'i18n', include: ['packages/i18n/**/*.test.ts'], environment: 'node' } },
      {
        plugins: [vue()],
        test: {
          name: 'ui',
          include: ['packages/ui/**/*.test.ts', 'apps/**/*.test.ts'],
          environment: 'happy-dom',
        },
      },
    ],
  },
});

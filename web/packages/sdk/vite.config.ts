import { defineConfig } from 'vite';

/** The SDK as one ES module for pages and programs without a build step: dist/hongyan-sdk.js. */
export default defineConfig({
  build: {
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'hongyan-sdk.js' },
    rolldownOptions: { output: { codeSplitting: false } },
    sourcemap: true,
  },
});

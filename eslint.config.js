import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

/** Rules that hold for every TypeScript file of the repository. */
const common = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  'no-console': 'error',
  eqeqeq: 'error',
  'max-lines': ['error', { max: 600 }],
  'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
};

/** Folders that may not import certain packages: the layers of the web part. */
const boundary = (files, group, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      'build/',
      '.cache/',
      'data/',
      '**/generated/',
      '**/coverage/',
      'web/e2e/results/',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked.map((c) => ({ ...c, files: ['**/*.ts', '**/*.vue'] })),
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: common,
  },
  {
    files: ['**/*.vue'],
    rules: {
      'vue/no-bare-strings-in-template': 'error',
      'vue/no-v-html': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-static-inline-styles': ['error', { allowBinding: true }],
      // Layout of templates is prettier's business.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
    },
  },
  {
    files: ['**/*.test.ts', '**/test/**', 'tests/**', 'web/e2e/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  boundary(
    ['web/packages/sdk/**'],
    ['vue', 'vue-*', 'pinia', '@hongyan/*'],
    'The SDK knows no framework and no other package of the web part.',
  ),
  boundary(
    ['web/packages/ui/**'],
    ['@hongyan/sdk', '@hongyan/sdk/*', 'pinia', 'vue-router'],
    'Presentational components know no data source.',
  ),
  boundary(
    ['web/apps/**'],
    ['@hongyan/sdk/src/*', '**/packages/sdk/**'],
    'Only the public entry of the SDK.',
  ),
);

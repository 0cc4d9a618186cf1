import en from './en.json';
import type { Catalogue, Locale } from './index.ts';
import zhCN from './zh-CN.json';

/** All languages at once, for tests and tools: a page fetches the one that it speaks. */
export const catalogues: Record<Locale, Catalogue> = { 'zh-CN': zhCN, en };

import type zhCN from './zh-CN.json';

export { catalogues } from './catalogues.ts';

/** The languages of the clients; the first is the default. */
export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The shape of a catalogue; a test holds both to it. */
export type Catalogue = typeof zhCN;

/** The texts of one language, which are fetched when it is spoken. */
export async function loadCatalogue(locale: Locale): Promise<Catalogue> {
  return (await (locale === 'en' ? import('./en.json') : import('./zh-CN.json'))).default;
}

/** The best of our languages for what a browser prefers. */
export function chooseLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return LOCALES[0];
}

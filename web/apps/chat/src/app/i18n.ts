import { catalogues, chooseLocale, type Locale, LOCALES } from '@hongyan/i18n';
import { createI18n } from 'vue-i18n';
import { readSetting } from '../lib/local-setting.ts';

const saved = readSetting('locale');
const initial: Locale = LOCALES.find((l) => l === saved) ?? chooseLocale(navigator.languages);

/** The one i18n instance. Messages are compiled at run time without eval. */
export const i18n = createI18n({
  legacy: false,
  locale: initial,
  fallbackLocale: LOCALES[0],
  messages: catalogues,
});

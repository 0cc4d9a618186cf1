import { type Catalogue, chooseLocale, loadCatalogue, type Locale, LOCALES } from '@hongyan/i18n';
import { createI18n } from 'vue-i18n';
import { readSetting } from '../lib/local-setting.ts';

const saved = readSetting('locale');
/** What was chosen in this browser, else what it prefers. */
export const firstLocale: Locale = LOCALES.find((l) => l === saved) ?? chooseLocale(navigator.languages);

/** The one i18n instance; it has no texts before `speak`. Messages are compiled at run time without eval. */
export const i18n = createI18n({
  legacy: false,
  locale: firstLocale,
  messages: {} as Record<Locale, Catalogue>,
});

let wanted: Locale = firstLocale;

/** Fetches the texts of a language unless they are there, then speaks it, unless another one was asked for meanwhile. */
export async function speak(locale: Locale): Promise<void> {
  wanted = locale;
  const { global } = i18n;
  if (!(locale in global.messages.value)) global.setLocaleMessage(locale, await loadCatalogue(locale));
  if (wanted !== locale) return;
  global.locale.value = locale;
  document.documentElement.lang = locale;
}

import { type Locale, LOCALES } from '@hongyan/i18n';
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { firstLocale, speak } from '../app/i18n.ts';
import { readSetting, writeSetting } from '../lib/local-setting.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const LIST_MIN = 220;
const LIST_MAX = 400;
const LIST_DEFAULT = 250;

/** What this browser remembers about the look. */
export const useSettings = defineStore('settings', () => {
  const theme = ref<Theme>(THEMES.find((t) => t === readSetting('theme')) ?? 'auto');
  const locale = ref<Locale>(firstLocale);
  const listWidth = ref(clamp(Number(readSetting('list-width') ?? LIST_DEFAULT)));

  watch(
    theme,
    (value) => {
      writeSetting('theme', value);
      if (value === 'auto') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = value;
    },
    { immediate: true },
  );

  // What the browser prefers is only written down once somebody chose otherwise.
  watch(locale, (value, before) => {
    writeSetting('locale', value);
    // Without a network its texts may be out of reach: then everything stays as it was.
    speak(value).catch(() => {
      locale.value = before;
    });
  });

  function nextTheme(): void {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto';
  }

  function nextLocale(): void {
    locale.value = LOCALES[(LOCALES.indexOf(locale.value) + 1) % LOCALES.length] ?? LOCALES[0];
  }

  function setListWidth(width: number): void {
    listWidth.value = clamp(width);
    writeSetting('list-width', String(listWidth.value));
  }

  return { theme, locale, listWidth, nextTheme, nextLocale, setListWidth, LIST_MIN, LIST_MAX };
});

function clamp(width: number): number {
  return Number.isFinite(width) ? Math.min(LIST_MAX, Math.max(LIST_MIN, Math.round(width))) : LIST_DEFAULT;
}

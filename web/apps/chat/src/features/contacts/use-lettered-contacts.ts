import type { Person } from '@hongyan/sdk';
import { computed, onMounted, type Ref, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useClient } from '../../app/client.ts';
import { useVirtualRows } from '../../lib/virtual-rows.ts';
import { useContacts } from '../../stores/contacts.ts';
import { matches, NO_LETTER, sectionsOf, STARRED } from './sections.ts';

/**
 * The contacts that match what is typed, under their initials; a letter is a row of its own. Virtual: somebody may have
 * thousands.
 */
export function useLetteredContacts(
  scroller: Readonly<Ref<HTMLElement | undefined>>,
  { letterPx, rowPx }: { letterPx: number; rowPx: number },
) {
  const { t } = useI18n();
  const client = useClient();
  const contacts = useContacts();

  const typed = ref('');
  const found = computed(() =>
    typed.value.trim() === '' ? contacts.contacts : contacts.contacts.filter((p) => matches(p, typed.value)),
  );
  const sections = computed(() => sectionsOf(found.value));
  const items = computed(() => sections.value.flatMap(({ letter, people }) => [letter, ...people]));
  const rows = useVirtualRows<string | Person>({
    scroller,
    items,
    height: (item) => (typeof item === 'string' ? letterPx : rowPx),
    key: (item) => (typeof item === 'string' ? item : item.user_id),
    overscan: 12,
  });

  function titleOf(letter: string): string {
    if (letter === STARRED) return t('contacts.starred');
    return letter === NO_LETTER ? t('contacts.others') : letter;
  }

  // Nicknames, and what they sound like, change without anybody being told.
  onMounted(() => void client.contacts.refresh());

  return { ...rows, typed, found, sections, items, titleOf };
}

import type { Mentions } from '@hongyan/sdk';
import { computed, onScopeDispose, ref, type Ref, shallowRef } from 'vue';
import { lookUp, matching, type Mentionable, type MentionSource } from './mention-source.ts';
import {
  mentionBefore,
  mentionBeingTyped,
  mentionsIn,
  mentionText,
  MOST_MENTIONS,
  type TypedMention,
} from './mention-text.ts';

/** Somebody who goes on typing is not searched for yet. */
const TYPING_MS = 150;

export interface MentionPickerHost {
  readonly box: Readonly<Ref<HTMLTextAreaElement | undefined>>;
  /** Undefined where nobody can be named. */
  readonly source: () => MentionSource | undefined;
  /** Puts a text in the place of what stands from one place to the other, and the caret behind it. */
  readonly replace: (from: number, to: number, text: string) => void;
}

/** Choosing whom to name behind an @, in a box of text that keeps the focus. */
export function useMentionPicker({ box, source, replace }: MentionPickerHost) {
  const typed = shallowRef<TypedMention>();
  const found = shallowRef<ReadonlySet<string>>(new Set());
  const active = ref(0);
  /** Where the @ stands whose list was closed. */
  let closedAt: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { choose, isName, mentions } = useChosenNames(source);

  const shown = computed(() => {
    const people = typed.value === undefined ? undefined : source()?.people();
    return people === undefined ? [] : matching(people, typed.value?.query ?? '', found.value);
  });
  const isOpen = computed(() => shown.value.length > 0);

  /** The text or the caret is another one. */
  function look(): void {
    const { value = '', selectionStart: from = 0, selectionEnd: to = from } = box.value ?? {};
    const now = source() === undefined || from !== to ? undefined : mentionBeingTyped(value, from);
    if (now?.from !== closedAt) closedAt = undefined;
    const next = closedAt === undefined && !isFull(value) ? now : undefined;
    if (next?.from === typed.value?.from && next?.query === typed.value?.query) return;
    typed.value = next;
    active.value = 0;
    found.value = new Set();
    clearTimeout(timer);
    if (next !== undefined && /[a-z]/i.test(next.query))
      timer = setTimeout(() => void searchFor(next), TYPING_MS);
  }

  async function searchFor(asked: TypedMention): Promise<void> {
    // What the names themselves tell is shown all the same.
    const ids = await source()
      ?.search(asked.query)
      .catch(() => undefined);
    if (ids !== undefined && typed.value === asked) found.value = ids;
  }

  function isFull(text: string): boolean {
    return (mentions(text)?.user_ids.length ?? 0) >= MOST_MENTIONS;
  }

  function pick({ userId, label }: Mentionable): void {
    const { from } = typed.value ?? {};
    if (from === undefined) return;
    choose(label, userId);
    typed.value = undefined;
    replace(from, box.value?.selectionStart ?? from, mentionText(label));
  }

  function close(): void {
    closedAt = typed.value?.from;
    typed.value = undefined;
  }

  /** Answers whether the key was meant for the list, or took a name away. */
  function key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const done = isOpen.value ? keyInList(event) : event.key === 'Backspace' && takeAway();
    if (done) event.preventDefault();
    return done;
  }

  function keyInList({ key: pressed, shiftKey }: KeyboardEvent): boolean {
    const { length } = shown.value;
    if (pressed === 'ArrowDown') active.value = (active.value + 1) % length;
    else if (pressed === 'ArrowUp') active.value = (active.value + length - 1) % length;
    else if (pressed === 'Escape') close();
    else if ((pressed === 'Enter' || pressed === 'Tab') && !shiftKey) {
      const person = shown.value[active.value];
      if (person !== undefined) pick(person);
    } else return false;
    return true;
  }

  /** The name before the caret, as a whole. */
  function takeAway(): boolean {
    const { value = '', selectionStart: from = 0, selectionEnd: to = from } = box.value ?? {};
    const span = from === to ? mentionBefore(value, from, isName) : undefined;
    if (span === undefined) return false;
    replace(span.from, span.to, '');
    return true;
  }

  onScopeDispose(() => clearTimeout(timer));
  return { isOpen, shown, active, look, key, pick, close, mentions };
}

/** Whom the names in the text mean. */
function useChosenNames(source: MentionPickerHost['source']) {
  /** Under which names they were chosen: several people may have the same. */
  const chosen = new Map<string, Set<string>>();

  function choose(label: string, userId: string | undefined): void {
    if (userId === undefined) return;
    const ids = chosen.get(label) ?? new Set();
    chosen.set(label, ids.add(userId));
  }

  function isName(label: string): boolean {
    return lookUp(source()?.people() ?? [], chosen, label) !== undefined;
  }

  function mentions(text: string): Mentions | undefined {
    const people = source()?.people();
    return people === undefined ? undefined : mentionsIn(text, (label) => lookUp(people, chosen, label));
  }

  return { choose, isName, mentions };
}

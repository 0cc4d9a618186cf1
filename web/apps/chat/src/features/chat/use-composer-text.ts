import { computed, onBeforeUnmount, ref, watch } from 'vue';

export interface ComposerTextHost {
  /** What was begun to be written, here or on another device. */
  readonly draft: () => string;
  /** Text of the message that is edited. */
  readonly editing: () => string | undefined;
  readonly save: (draft: string) => void;
}

/**
 * What is in the text box: a draft, or while a message is edited its new text. What another device has begun comes in
 * as long as nothing was typed here; what was typed here stays.
 */
export function useComposerText({ draft, editing, save }: ComposerTextHost) {
  const written = ref(draft());
  const edited = ref('');
  let typed = false;

  function write(text: string): void {
    written.value = text;
    typed = text !== '';
    save(text);
  }

  watch(draft, (text) => {
    if (!typed) written.value = text;
  });
  watch(
    editing,
    (text) => {
      if (text !== undefined) edited.value = text;
    },
    { immediate: true, flush: 'sync' },
  );
  // Another device may have told of a draft of its own meanwhile.
  onBeforeUnmount(() => {
    if (typed) save(written.value);
  });

  const text = computed({
    get: () => (editing() === undefined ? written.value : edited.value),
    set: (changed) => {
      if (editing() === undefined) write(changed);
      else edited.value = changed;
    },
  });

  /** Empties the box of what is on its way; whoever sends it ends the draft. */
  function handOver(): void {
    written.value = '';
    typed = false;
  }

  return { text, handOver };
}

import type { Mentions, Row } from '@hongyan/sdk';
import { computed, shallowRef, watch } from 'vue';
import { useClient } from '../../../app/client.ts';
import { isEditable, type MessagePlace } from '../message-actions.ts';

export interface ComposingHost {
  readonly conversationId: string;
  readonly rows: () => readonly Row[];
  readonly placeOf: (row: Row) => MessagePlace | undefined;
  /** Answers whether the command succeeded; what the server has against it is told. */
  readonly run: (command: () => Promise<unknown>) => Promise<boolean>;
}

/** What the text box is for: a new message, an answer, or another text of a message. */
export function useComposing({ conversationId, rows, placeOf, run }: ComposingHost) {
  const { messages } = useClient();
  const now = shallowRef<{ readonly kind: 'edit' | 'quote'; readonly row: Row }>();

  /** Text of the message that is edited. */
  const editing = computed(() =>
    now.value?.kind === 'edit' ? now.value.row.content?.text?.text : undefined,
  );
  /** The message that is answered. */
  const answered = computed(() => (now.value?.kind === 'quote' ? now.value.row : undefined));

  // It may be recalled or deleted meanwhile.
  watch(
    () => rows().find((row) => row.key === now.value?.row.key)?.content,
    (content) => {
      if (content === undefined) cancel();
    },
  );

  function begin(kind: 'edit' | 'quote', row: Row): void {
    now.value = { kind, row };
  }

  function cancel(): void {
    now.value = undefined;
  }

  /** The user's newest message, if that may still be edited. */
  function editLast(): void {
    const last = rows().findLast((row) => isEditable(row, placeOf(row)));
    if (last !== undefined) begin('edit', last);
  }

  async function submit(text: string, mentions?: Mentions): Promise<void> {
    const what = now.value;
    const { seq, senderId = '', content } = what?.row ?? {};
    if (what?.kind === 'edit' && seq !== undefined) {
      const same = text === content?.text?.text;
      const done = same || (await run(() => messages.edit(conversationId, seq, text)));
      if (done && now.value === what) cancel();
      return;
    }
    cancel();
    const quoted = seq === undefined ? undefined : { seq, sender_id: senderId, ...(content && { content }) };
    messages.send(conversationId, { text, ...(mentions && { mentions }) }, quoted);
  }

  return { editing, answered, begin, cancel, editLast, submit };
}

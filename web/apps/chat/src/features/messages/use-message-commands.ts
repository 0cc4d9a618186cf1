import type { MergedContent, Row } from '@hongyan/sdk';
import { computed, inject, type InjectionKey, provide, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useClient } from '../../app/client.ts';
import { copyText } from '../../lib/copy-text.ts';
import { problemText } from '../../lib/problem-text.ts';
import { useContacts } from '../../stores/contacts.ts';
import { useSession } from '../../stores/session.ts';
import { actionsOn, mayReact, type MessageAction } from './message-actions.ts';
import { keepRecalled, recalledText } from './recalled-texts.ts';
import { useComposing } from './composing/use-composing.ts';
import { useSelection } from './use-selection.ts';
import { type PlaceHost, useMessagePlace } from './use-message-place.ts';

/** What the chat itself does for its commands. */
export interface ChatHost extends PlaceHost {
  readonly conversationId: string;
  readonly rows: () => readonly Row[];
  readonly openMenu: (x: number, y: number, from: HTMLElement) => void;
  readonly jump: (seq: number) => void;
  /** Adds a text to what is in the box. */
  readonly putText: (text: string) => void;
  readonly say: (text: string) => void;
}

/** Messages that are about to be sent on. */
export interface Forwarding {
  readonly rows: readonly Row[];
  /** As one. */
  readonly merged: boolean;
}

export type MessageCommands = ReturnType<typeof makeCommands>;

const key: InjectionKey<MessageCommands> = Symbol('message commands');

/** What can be done with the messages of the open chat; given to everything in it. */
export function provideMessageCommands(host: ChatHost): MessageCommands {
  const commands = makeCommands(host);
  provide(key, commands);
  return commands;
}

export function useMessageCommands(): MessageCommands {
  const commands = inject(key);
  if (commands === undefined) throw new Error('no message commands were provided');
  return commands;
}

function makeCommands(host: ChatHost) {
  const { t } = useI18n();
  const { messages } = useClient();
  const id = host.conversationId;
  const placeOf = useMessagePlace(host);
  const composing = useComposing({ ...host, placeOf, run });
  const { keep, reeditable } = useRecalled(host);
  const several = useSeveral(host, run);
  const { deleting, forwarding, selection } = several;

  /** Whose menu is open. */
  const target = shallowRef<Row>();
  /** Of which it is shown who has reacted. */
  const reactionsOf = shallowRef<Row>();
  /** Of which it is shown who has read it. */
  const receiptsOf = shallowRef<Row>();
  /** Of which the moderators are about to be told. */
  const reporting = shallowRef<Row>();
  /** What was sent on as one, and is being read. */
  const reading = shallowRef<MergedContent>();

  const actions = computed(() => {
    const place = target.value === undefined ? undefined : placeOf(target.value);
    return target.value === undefined || place === undefined ? [] : actionsOn(target.value, place);
  });

  function canReact(row: Row): boolean {
    const place = placeOf(row);
    return place !== undefined && mayReact(row, place);
  }

  /** Opens the menu of a message, unless there is nothing in it. */
  function openMenu(row: Row, x: number, y: number, from: HTMLElement): void {
    target.value = row;
    if (actions.value.length > 0 || canReact(row)) host.openMenu(x, y, from);
  }

  /** Runs a command; what the server has against it is told. */
  async function run(command: () => Promise<unknown>): Promise<boolean> {
    try {
      await command();
      return true;
    } catch (thrown) {
      host.say(problemText(t, thrown));
      return false;
    }
  }

  function toggleReaction({ seq, mine }: Row, emoji: string): void {
    if (seq === undefined) return;
    void run(() =>
      mine.includes(emoji) ? messages.unreact(id, seq, emoji) : messages.react(id, seq, emoji),
    );
  }

  async function recall(row: Row, seq: number): Promise<void> {
    if (await run(() => messages.recall(id, seq))) keep(row);
  }

  async function copy(text: string): Promise<void> {
    const done = await copyText(text);
    host.say(t(done ? 'message.copied' : 'message.notCopied'));
  }

  function act(action: MessageAction, row: Row): void {
    const { seq } = row;
    if (action === 'copy') void copy(row.content?.text?.text ?? '');
    else if (action === 'quote' || action === 'edit') composing.begin(action, row);
    else if (action === 'delete') deleting.value = [row];
    else if (action === 'reactions') reactionsOf.value = row;
    else if (action === 'receipts') receiptsOf.value = row;
    else if (action === 'report') reporting.value = row;
    else if (action === 'forward') forwarding.value = { rows: [row], merged: false };
    else if (action === 'select') selection.begin(row);
    else if (seq === undefined) return;
    else if (action === 'recall') void recall(row, seq);
    else void run(() => messages[action](id, seq));
  }

  const { jump, putText: reedit } = host;
  const shown = { reactionsOf, receiptsOf, reporting, reading };
  const menu = { target, actions, openMenu, act, canReact, toggleReaction };
  return {
    ...menu,
    ...shown,
    ...several,
    copyText: copy,
    composing,
    jump,
    reedit,
    reeditable,
  };
}

/** What is done with several messages as with one: sending them on, and hiding them from the user. */
function useSeveral(
  { conversationId, rows, say }: ChatHost,
  run: (command: () => Promise<unknown>) => Promise<boolean>,
) {
  const { t } = useI18n();
  const { messages } = useClient();
  const selection = useSelection(rows);
  /** About to be hidden from the user. */
  const deleting = shallowRef<readonly Row[]>();
  const forwarding = shallowRef<Forwarding>();

  function forwardSelected(merged: boolean): void {
    forwarding.value = { rows: selection.selected.value, merged };
  }

  function deleteSelected(): void {
    deleting.value = selection.selected.value;
  }

  async function remove(): Promise<void> {
    const seqs = (deleting.value ?? []).flatMap((row) => row.seq ?? []);
    deleting.value = undefined;
    const done = await run(async () => {
      for (const seq of seqs) await messages.deleteForMe(conversationId, seq);
    });
    if (done) selection.end();
  }

  function forwarded(): void {
    forwarding.value = undefined;
    selection.end();
    say(t('message.forwarded'));
  }

  return { selection, deleting, forwarding, forwardSelected, deleteSelected, remove, forwarded };
}

/** One's own texts that were recalled just now, to be taken up again. */
function useRecalled({ conversationId, mayWrite }: ChatHost) {
  const client = useClient();
  const session = useSession();
  const contacts = useContacts();

  function keep({ seq, content, senderId }: Row): void {
    const text = content?.text?.text;
    if (seq !== undefined && text !== undefined && senderId === session.user?.user_id)
      keepRecalled(conversationId, seq, text, client.serverNow());
  }

  function reeditable({ seq, recalled }: Row): string | undefined {
    if (seq === undefined || recalled?.by !== session.user?.user_id || !mayWrite()) return undefined;
    return recalledText(conversationId, seq, contacts.nowMs);
  }

  return { keep, reeditable };
}

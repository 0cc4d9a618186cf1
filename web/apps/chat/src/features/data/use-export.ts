import { asImError, type Export } from '@hongyan/sdk';
import { onMounted, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { useClient } from '../../app/client.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAction } from '../../lib/use-action.ts';
import { useClientEvent } from '../../lib/use-client-event.ts';
import { useSession } from '../../stores/session.ts';

/** How far a copy that is being written has got is told by nothing. */
const LOOK_AGAIN_MS = 2_000;

/** The copy of everything that is kept about the user: how far it has got, and reading it. */
export function useExport() {
  const { personal } = useClient();
  const session = useSession();
  const { busy, problem, run } = useAction();
  const state = ref<'loading' | 'ready' | 'error'>('loading');
  /** Undefined when there is none. */
  const copy = shallowRef<Export>();
  /** Bytes that have come, while it is read. */
  const read = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    try {
      copy.value = await personal.lastExport();
      state.value = 'ready';
    } catch (thrown) {
      const none = asImError(thrown).code === 'not_found';
      if (none) copy.value = undefined;
      if (none || state.value === 'loading') state.value = none ? 'ready' : 'error';
    }
    lookAgain();
  }

  function retry(): void {
    state.value = 'loading';
    void load();
  }

  function lookAgain(): void {
    clearTimeout(timer);
    if (copy.value?.state === 'running') timer = setTimeout(() => void load(), LOOK_AGAIN_MS);
  }

  async function begin(password: string): Promise<void> {
    copy.value = await personal.beginExport(password);
  }

  async function download({ export_id: id, time_ms: timeMs }: Export): Promise<void> {
    await run(async () => {
      const parts: string[] = [];
      read.value = 0;
      for await (const part of personal.exportParts(id)) {
        parts.push(part);
        read.value += new Blob([part]).size;
      }
      const day = new Date(timeMs).toISOString().slice(0, 10);
      const name = `hongyan-${session.user?.username ?? ''}-${day}.jsonl`;
      saveFile(name, new Blob(parts, { type: 'application/jsonl' }));
    });
  }

  watch(copy, lookAgain);
  useClientEvent('export:changed', (now) => {
    copy.value = now;
  });
  onMounted(load);
  onScopeDispose(() => clearTimeout(timer));

  return { state, copy, read, busy, problem, retry, begin, download };
}

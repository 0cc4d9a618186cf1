import { type BookState, type Client, type ContactRequest, type Person, requestAt } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { useNow } from '../lib/time/now.ts';

/** A request with the other person, as it stands now. */
export interface RequestRow {
  readonly person: Person;
  readonly request: ContactRequest;
}

/** Everybody the user's lists name. Written only by the bridge to the SDK. */
export const useContacts = defineStore('contacts', () => {
  const people = shallowRef<ReadonlyMap<string, Person>>(new Map());
  const state = ref<BookState>('loading');
  const ticks = useNow();
  let client: Client | undefined;

  /** The server's clock: by it requests come to their end. */
  const nowMs = computed(() => {
    const local = ticks.value;
    return client?.serverNow() ?? local;
  });

  const contacts = computed(() => [...people.value.values()].filter((p) => p.contact !== undefined));
  const blocked = computed(() => [...people.value.values()].filter((p) => p.blocked));
  const received = computed(() => requests('received'));
  const sent = computed(() => requests('sent'));
  /** How many wait for an answer of the user's. */
  const pendingCount = computed(
    () =>
      received.value.filter(({ person, request }) => request.state === 'pending' && !person.blocked).length,
  );

  function requests(direction: 'received' | 'sent'): RequestRow[] {
    return [...people.value.values()]
      .flatMap((person) => {
        const request = person[direction];
        return request === undefined ? [] : [{ person, request: requestAt(request, nowMs.value) }];
      })
      .sort((a, b) => b.request.time_ms - a.request.time_ms);
  }

  function attach(to: Client): void {
    client = to;
    client.on('session:changed', reload);
    client.on('session:ended', reload);
    client.on('contacts:changed', (ids) => {
      const next = new Map(people.value);
      for (const id of ids) {
        const person = to.contacts.get(id);
        if (person === undefined) next.delete(id);
        else next.set(id, person);
      }
      people.value = next;
      state.value = to.contacts.state;
    });
    reload();
  }

  function reload(): void {
    people.value = new Map(client?.contacts.list().map((person) => [person.user_id, person]));
    state.value = client?.contacts.state ?? 'loading';
  }

  /** What the user calls somebody; undefined while that is not known. */
  function nameOf(userId: string | undefined): string | undefined {
    const person = userId === undefined ? undefined : people.value.get(userId);
    return person?.contact?.remark || person?.profile?.nickname || undefined;
  }

  return { people, state, nowMs, contacts, blocked, received, sent, pendingCount, attach, nameOf };
});

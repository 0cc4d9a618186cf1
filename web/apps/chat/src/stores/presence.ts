import type { Client, Presence } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

type StandingLookup = (userId: string) => Presence | undefined;
type TypingLookup = (conversationId: string) => readonly string[];

/** Who is here, of those whom somebody looks at, and who types. Written only by the bridge to the SDK. */
export const usePresences = defineStore('presence', () => {
  /** Other functions whenever something is another now. */
  const standing = shallowRef<StandingLookup>(() => undefined);
  const typing = shallowRef<TypingLookup>(() => []);

  function attach(client: Client): void {
    const renewStanding = () => {
      standing.value = (userId) => client.presence.get(userId);
    };
    const renewTyping = () => {
      typing.value = (conversationId) => client.presence.typingIn(conversationId);
    };
    for (const event of ['session:changed', 'session:ended'] as const) {
      client.on(event, renewStanding);
      client.on(event, renewTyping);
    }
    client.on('presence:changed', renewStanding);
    client.on('typing:changed', renewTyping);
    renewStanding();
    renewTyping();
  }

  /** Undefined while it is not known, or nobody follows them. */
  const of: StandingLookup = (userId) => standing.value(userId);
  /** Who else types there, whoever began first comes first. */
  const typingIn: TypingLookup = (conversationId) => typing.value(conversationId);

  return { attach, of, typingIn };
});

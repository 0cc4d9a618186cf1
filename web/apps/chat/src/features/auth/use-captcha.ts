import type { AuthOptionsResponse } from '@hongyan/sdk';
import { computed, type Ref, ref } from 'vue';

/** A captcha of a form, where the server wants one. */
export interface Captcha {
  readonly needed: Readonly<Ref<boolean>>;
  /** What was solved; empty while nothing is. */
  readonly token: Ref<string>;
  /** It is needed, and not solved. */
  readonly missing: Readonly<Ref<boolean>>;
  /** Another one is shown when it changes. */
  readonly round: Readonly<Ref<number>>;
  /** Sends with the token, or without one where none is wanted. Whatever comes of it, the token is used up. */
  spend<T>(send: (token: string | undefined) => Promise<T>): Promise<T>;
}

export function useCaptcha(options: Readonly<Ref<AuthOptionsResponse | undefined>>): Captcha {
  const token = ref('');
  const round = ref(0);
  const needed = computed(() => options.value?.captcha !== undefined);
  const missing = computed(() => needed.value && token.value === '');

  async function spend<T>(send: (token: string | undefined) => Promise<T>): Promise<T> {
    if (!needed.value) return send(undefined);
    try {
      return await send(token.value);
    } finally {
      token.value = '';
      round.value += 1;
    }
  }

  return { needed, token, missing, round, spend };
}

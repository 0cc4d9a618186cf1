import type { Client, LoginByCodeRequest, LoginRequest, Me, RegisterRequest, SessionEnd } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

/** Who is logged in, and why nobody is any more. Written only by the bridge to the SDK. */
export const useSession = defineStore('session', () => {
  const user = shallowRef<Me>();
  const end = shallowRef<SessionEnd>();
  const storageFailed = ref(false);
  let client: Client | undefined;

  /** Ties the store to the client; called once, before the first screen. */
  function attach(to: Client): void {
    client = to;
    client.on('session:changed', (me) => {
      user.value = me;
      end.value = undefined;
    });
    client.on('session:ended', (why) => {
      user.value = undefined;
      end.value = why;
    });
    client.on('storage:failed', () => {
      storageFailed.value = true;
    });
  }

  function need(): Client {
    if (client === undefined) throw new Error('the session store is not attached');
    return client;
  }

  const login = (request: LoginRequest): Promise<Me> => need().login(request);
  const loginByCode = (request: LoginByCodeRequest): Promise<Me> => need().loginByCode(request);
  const register = (request: RegisterRequest): Promise<Me> => need().register(request);
  const logout = (): Promise<void> => need().logout();
  const changePassword = (oldOne: string, newOne: string): Promise<void> =>
    need().changePassword(oldOne, newOne);

  return { user, end, storageFailed, attach, login, loginByCode, register, logout, changePassword };
});

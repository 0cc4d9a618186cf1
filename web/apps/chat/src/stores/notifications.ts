import type { Client, NotificationSettings } from '@hongyan/sdk';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { QuietHours } from '../features/notifications/rules.ts';
import { readSetting, writeSetting } from '../lib/local-setting.ts';

/** `insecure`: the browser allows it on https and on the machine itself only. */
export type Permission = NotificationPermission | 'insecure' | 'unsupported';

/** Until the server has said what the user wants nothing of a message is shown. */
const UNKNOWN: NotificationSettings = { enabled: true, preview: false };
const NIGHT: QuietHours = { on: false, from: '22:00', to: '08:00' };

function permissionNow(): Permission {
  if (!globalThis.isSecureContext) return 'insecure';
  return 'Notification' in globalThis ? Notification.permission : 'unsupported';
}

function readQuiet(): QuietHours {
  const [on, from, to] = (readSetting('quiet') ?? '').split(' ');
  return from === undefined || to === undefined ? NIGHT : { on: on === 'on', from, to };
}

/** What of a message is told outside of the page: by the account on all devices, and in this browser. */
export const useNotifications = defineStore('notifications', () => {
  const permission = ref<Permission>(permissionNow());
  const sound = ref(readSetting('sound') !== 'off');
  /** Who names the user is heard in muted conversations, too. */
  const mentions = ref(readSetting('muted-mentions') !== 'off');
  const quiet = shallowRef<QuietHours>(readQuiet());
  /** The user does not want to be asked. */
  const dismissed = ref(readSetting('notice') === 'off');
  const known = shallowRef<NotificationSettings>();
  const account = computed(() => known.value ?? UNKNOWN);

  watch(sound, (on) => writeSetting('sound', on ? 'on' : 'off'));
  watch(mentions, (on) => writeSetting('muted-mentions', on ? 'on' : 'off'));
  watch(quiet, ({ on, from, to }) => writeSetting('quiet', `${on ? 'on' : 'off'} ${from} ${to}`));

  function attach(client: Client): void {
    client.on('settings:changed', (settings) => {
      known.value = settings.notifications;
    });
    client.on('session:ended', () => {
      known.value = undefined;
    });
    client.on('state', (state) => {
      if (state === 'online') void load(client);
    });
    follow();
  }

  /** Answers whether it is known now what the user wants on all devices. */
  async function load(client: Client): Promise<boolean> {
    try {
      known.value = (await client.account.settings()).notifications;
      return true;
    } catch {
      // The next connection asks again.
      return false;
    }
  }

  /** It may be given and taken in the browser's own settings. */
  function follow(): void {
    if (!('permissions' in navigator)) return;
    navigator.permissions
      .query({ name: 'notifications' })
      .then((status) => {
        status.onchange = look;
      })
      .catch(() => undefined);
  }

  function look(): void {
    permission.value = permissionNow();
  }

  /** Only upon something that the user does. */
  async function ask(): Promise<void> {
    await Notification.requestPermission();
    look();
  }

  function dismiss(): void {
    dismissed.value = true;
    writeSetting('notice', 'off');
  }

  return { permission, sound, mentions, quiet, dismissed, account, attach, load, ask, dismiss };
});

import type { Catalogue } from '@hongyan/i18n';

declare module 'vue-i18n' {
  // The catalogue is the type of every key.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  export interface DefineLocaleMessage extends Catalogue {}
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Who sees it: anybody, only those without a session, only those with one. */
    readonly access?: 'anybody' | 'guest' | 'user';
  }
}

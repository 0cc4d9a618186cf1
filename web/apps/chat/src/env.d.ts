import type { Catalogue } from '@hongyan/i18n';

declare global {
  /** Of the repository's package.json, put in by the build. */
  const __APP_VERSION__: string;
  const __APP_LICENSE__: string;

  /** As much of Trusted Types as is used here; not every browser has them. */
  interface Window {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): object };
    };
  }
}

declare module 'vue-i18n' {
  // The catalogue is the type of every key.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  export interface DefineLocaleMessage extends Catalogue {}
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Who sees it: anybody, only those without a session, only those with one. */
    readonly access?: 'anybody' | 'guest' | 'user';
    /** Which list stands beside it; else that of the conversations. */
    readonly list?: 'contacts' | 'settings';
  }
}

// For tools that do not read .vue files, such as the type-aware lint; vue-tsc takes the files themselves.
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  export default component;
}

import {
  createRouter,
  createWebHistory,
  type RouteLocationRaw,
  type Router,
  type RouteRecordRaw,
} from 'vue-router';
import { useSession } from '../stores/session.ts';

/** A path of our own to go to after the login; anything else is refused. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\')
    ? next
    : '/';
}

const AppShell = () => import('../features/shell/AppShell.vue');

/** Where there is room for a page beside the list of the settings, the first one stands there. */
const settingsPages: readonly RouteRecordRaw[] = [
  {
    path: 'settings',
    name: 'settings',
    component: () => import('../features/settings/ProfilePage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/profile',
    name: 'profile',
    component: () => import('../features/settings/ProfilePage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/account',
    name: 'account',
    component: () => import('../features/settings/AccountPage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/privacy',
    name: 'privacy',
    component: () => import('../features/settings/PrivacyPage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/notifications',
    name: 'notifications',
    component: () => import('../features/notifications/NotificationsPage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/look',
    name: 'look',
    component: () => import('../features/settings/LookPage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/data',
    name: 'data',
    component: () => import('../features/data/DataPage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/devices',
    name: 'devices',
    component: () => import('../features/devices/DevicesPage.vue'),
    meta: { list: 'settings' },
  },
  {
    path: 'settings/about',
    name: 'about',
    component: () => import('../features/settings/AboutPage.vue'),
    meta: { list: 'settings' },
  },
];

/** What the shell shows beside its list. */
const pages: readonly RouteRecordRaw[] = [
  { path: '', name: 'chats', component: () => import('../features/chat/NoChat.vue') },
  {
    path: 'c/:conversationId',
    name: 'chat',
    component: () => import('../features/chat/ChatPane.vue'),
    props: true,
  },
  {
    path: 'join/:token',
    name: 'join',
    component: () => import('../features/groups/JoinPage.vue'),
    props: true,
  },
  {
    path: 'contacts',
    name: 'contacts',
    component: () => import('../features/contacts/NoContact.vue'),
    meta: { list: 'contacts' },
  },
  {
    path: 'contacts/new',
    name: 'newFriends',
    component: () => import('../features/contacts/NewFriendsPage.vue'),
    meta: { list: 'contacts' },
  },
  {
    path: 'contacts/blocked',
    name: 'blocked',
    component: () => import('../features/contacts/BlockedPage.vue'),
    meta: { list: 'contacts' },
  },
  {
    path: 'u/:userId',
    name: 'person',
    component: () => import('../features/contacts/PersonPage.vue'),
    props: true,
    meta: { list: 'contacts' },
  },
  ...settingsPages,
];

const routes: readonly RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'login',
    component: () => import('../features/auth/LoginPage.vue'),
    meta: { access: 'guest' },
  },
  {
    path: '/register',
    name: 'register',
    component: () => import('../features/auth/RegisterPage.vue'),
    meta: { access: 'guest' },
  },
  {
    path: '/login/code',
    name: 'codeLogin',
    component: () => import('../features/auth/CodeLoginPage.vue'),
    meta: { access: 'guest' },
  },
  {
    path: '/forgotten',
    name: 'resetPassword',
    component: () => import('../features/auth/ResetPasswordPage.vue'),
    meta: { access: 'guest' },
  },
  {
    path: '/disabled',
    name: 'disabled',
    component: () => import('../features/auth/DisabledPage.vue'),
    meta: { access: 'guest' },
  },
  {
    path: '/password',
    name: 'password',
    component: () => import('../features/auth/ChangePasswordPage.vue'),
  },
  {
    path: '/',
    component: AppShell,
    children: [...pages],
  },
  { path: '/:rest(.*)*', redirect: '/' },
];

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes,
  });
  router.beforeEach((to): RouteLocationRaw | true => {
    const { user } = useSession();
    const guests = to.meta.access === 'guest';
    if (user === undefined) return guests ? true : { name: 'login', query: nextOf(to.fullPath) };
    if (user.must_change_password)
      return to.name === 'password' ? true : { name: 'password', query: nextOf(to.fullPath) };
    return guests ? safeNext(to.query['next']) : true;
  });
  return router;
}

/** Fetches what the shell has not shown yet, so that every page of it opens without a network, too. */
export function fetchPages(): void {
  for (const { component } of pages) {
    // Tried again by the router when the page is opened.
    if (typeof component === 'function') (component as () => Promise<unknown>)().catch(() => undefined);
  }
}

function nextOf(path: string): Record<string, string> {
  return path === '/' ? {} : { next: path };
}

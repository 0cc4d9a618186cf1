import { createRouter, createWebHistory, type RouteLocationRaw, type Router } from 'vue-router';
import { useSession } from '../stores/session.ts';

/** A path of our own to go to after the login; anything else is refused. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\')
    ? next
    : '/';
}

const AppShell = () => import('../features/shell/AppShell.vue');

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
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
        children: [
          { path: '', name: 'chats', component: () => import('../features/chat/NoChat.vue') },
          {
            path: 'c/:conversationId',
            name: 'chat',
            component: () => import('../features/chat/ChatPane.vue'),
            props: true,
          },
          {
            path: 'devices',
            name: 'devices',
            component: () => import('../features/devices/DevicesPage.vue'),
          },
        ],
      },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
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

function nextOf(path: string): Record<string, string> {
  return path === '/' ? {} : { next: path };
}

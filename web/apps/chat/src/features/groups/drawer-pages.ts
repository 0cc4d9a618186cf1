/** What lies beside a chat, as the address names it; members, requests and notices are a group's. */
export const DRAWER_PAGES = ['info', 'members', 'requests', 'notices', 'search'] as const;
export type DrawerPage = (typeof DRAWER_PAGES)[number];

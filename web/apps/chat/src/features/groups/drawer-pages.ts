/** What lies beside a chat, as the address names it; members and requests are a group's. */
export const DRAWER_PAGES = ['info', 'members', 'requests', 'search'] as const;
export type DrawerPage = (typeof DRAWER_PAGES)[number];

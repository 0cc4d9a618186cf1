/** What the drawer of a group shows, as the address names it. */
export const DRAWER_PAGES = ['info', 'members', 'requests'] as const;
export type DrawerPage = (typeof DRAWER_PAGES)[number];

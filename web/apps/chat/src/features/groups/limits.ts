/** Characters, as the server has them. */
export const GROUP_NAME_MAX = 64;
export const GROUP_NICKNAME_MAX = 64;
export const NOTICE_MAX = 2000;

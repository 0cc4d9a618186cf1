/** Characters of what is written to somebody who is asked: a line, well below what the server takes. */
export const GREETING_MAX = 50;
/** Characters of a remark, as the server has it. */
export const REMARK_MAX = 64;

/** The message that another one answers, in words. */
export interface QuoteText {
  readonly seq: number;
  readonly name: string;
  /** Undefined once it was recalled. */
  readonly text: string | undefined;
}

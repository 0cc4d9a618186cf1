/** Knows whether the server has a newer client than this page, and goes over to it. */
export interface UpdateSource {
  /** Calls back when there is one; called once, before anything else. */
  tell(found: () => void): void;
  /** Looks now. */
  look(): Promise<void>;
  /** This page, and every other one of ours in this browser, becomes the newer client. */
  apply(): void;
  /** The same, unless somebody looks at any of them. */
  applyUnseen(): void;
}

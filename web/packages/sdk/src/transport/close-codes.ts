/** What a client does after a close. */
export type CloseAction =
  /** Connect again after back-off. */
  | 'retry'
  /** Not without a new access token. */
  | 'new_token'
  /** The account is disabled: not without the user. */
  | 'disabled'
  /** This session was replaced or revoked: not without the user. */
  | 'revoked';

export function actionForClose(code: number): CloseAction {
  switch (code) {
    case 4401:
      return 'new_token';
    case 4403:
      return 'disabled';
    case 4409:
      return 'revoked';
    default:
      // 1000, 1006, 1009, 4400, 4408, 4429, 4503 and whatever comes later.
      return 'retry';
  }
}

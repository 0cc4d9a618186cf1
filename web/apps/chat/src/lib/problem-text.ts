import { asImError, type ErrorCode } from '@hongyan/sdk';

type Translate = (key: string) => string;

/** What is said about a failure. `special`: keys of codes that mean something more exact where it happened. */
export function problemText(
  t: Translate,
  thrown: unknown,
  special: Partial<Record<ErrorCode, string>> = {},
): string {
  const { code, kind } = asImError(thrown);
  return t(kind === 'network' ? 'auth.unreachable' : (special[code] ?? `error.${code}`));
}

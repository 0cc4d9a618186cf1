import type { ErrorCode } from '@hongyan/sdk';

/** Refusals that say nothing about the outcome, or that pass: ask again. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'unavailable',
  'timeout',
  'rate_limited',
  'locked',
  'internal',
]);

export function passes(code: ErrorCode): boolean {
  return PASSING.has(code);
}

import { type ErrorCode, errorCodes } from './generated/errors.ts';
import { type JsonObject, objectAt, optionalNumber, optionalString } from './json.ts';

export { type ErrorCode, errorCodes } from './generated/errors.ts';

/**
 * What a caller can do about an error.
 * - `auth`: the session is not accepted (any more); a new login helps.
 * - `rate`: the same again after `retryAfterMs`.
 * - `network`: no answer was had; whether the request took effect is unknown.
 * - `retryable`: the server answered that the same may succeed later.
 * - `aborted`: the caller's own signal, or the client was closed.
 * - `fatal`: the same will fail again.
 */
export type ErrorKind = 'auth' | 'rate' | 'network' | 'retryable' | 'aborted' | 'fatal';

const AUTH_CODES: ReadonlySet<string> = new Set(['unauthenticated', 'token_expired', 'token_revoked']);
const RATE_CODES: ReadonlySet<string> = new Set(['rate_limited', 'locked']);

export interface ImErrorInit {
  readonly kind?: ErrorKind;
  readonly message?: string;
  readonly retryAfterMs?: number | undefined;
  /** Path of the request field at fault, when the server named one. */
  readonly field?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Every failure of the SDK. `code` is stable; show texts by code, never `message`, which is for developers. */
export class ImError extends Error {
  override readonly name = 'ImError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly field: string | undefined;
  readonly requestId: string | undefined;

  constructor(code: ErrorCode, init: ImErrorInit = {}) {
    super(init.message ?? errorCodes[code].text);
    this.code = code;
    this.kind = init.kind ?? kindOf(code);
    this.retryAfterMs = init.retryAfterMs;
    this.field = init.field;
    this.requestId = init.requestId;
  }
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}

function kindOf(code: ErrorCode): ErrorKind {
  if (AUTH_CODES.has(code)) return 'auth';
  if (RATE_CODES.has(code)) return 'rate';
  return errorCodes[code].retryable ? 'retryable' : 'fatal';
}

/** From the `error` object of an answer. A code this client does not know counts as `internal`. */
export function errorFromWire(error: JsonObject): ImError {
  const code = optionalString(error, 'code') ?? '';
  return new ImError(isErrorCode(code) ? code : 'internal', {
    message: optionalString(error, 'message') ?? code,
    retryAfterMs: optionalNumber(error, 'retry_after_ms'),
    field: optionalString(error, 'field'),
    requestId: optionalString(error, 'request_id'),
  });
}

/** From the body of a REST answer that is not 2xx; a body that is not ours is told apart by the status alone. */
export function errorFromRest(status: number, body: JsonObject | undefined): ImError {
  if (body !== undefined && Object.keys(objectAt(body, 'error')).length > 0) {
    return errorFromWire(objectAt(body, 'error'));
  }
  if (status === 429) return new ImError('rate_limited');
  if (status === 401) return new ImError('unauthenticated');
  // A proxy in front of a server that is down answers for it.
  if (status >= 500) return new ImError('unavailable', { kind: 'network', message: `HTTP ${status}` });
  return new ImError('internal', { kind: 'fatal', message: `HTTP ${status}` });
}

/** No answer: refused, reset, closed in the middle. The outcome of what was sent is unknown. */
export function networkError(message: string): ImError {
  return new ImError('unavailable', { kind: 'network', message });
}

export function timeoutError(message: string): ImError {
  return new ImError('timeout', { kind: 'network', message });
}

export function abortedError(message: string): ImError {
  return new ImError('unavailable', { kind: 'aborted', message });
}

/** Whatever was thrown, as an ImError. */
export function asImError(thrown: unknown): ImError {
  if (thrown instanceof ImError) return thrown;
  const message = thrown instanceof Error ? thrown.message : 'unknown';
  return new ImError('internal', { kind: 'fatal', message });
}

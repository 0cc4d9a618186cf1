import type { Clock } from '../clock.ts';
import { abortedError, errorFromRest, networkError, timeoutError } from '../errors.ts';
import { type JsonObject, parseObject } from '../json.ts';
import { DEFAULT_DEADLINE_MS, type RequestOptions } from './requests.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RestRequest extends RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
}

export interface RestOptions {
  /** http:// or https:// base without a slash at the end. */
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** Cookie sessions: send the cookie, and the header that a foreign page cannot send. */
  readonly cookies: boolean;
}

/** JSON over HTTP. Owned by the client. Every failure is an ImError; success is the answer's object. */
export class RestClient {
  private readonly options: RestOptions;

  constructor(options: RestOptions) {
    this.options = options;
  }

  async call(method: HttpMethod, path: string, request: RestRequest = {}): Promise<JsonObject> {
    const { clock } = this.options;
    const abort = new AbortController();
    const cancel = () => abort.abort();
    let late = false;
    const deadlineMs = request.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const timer = clock.setTimeout(() => {
      late = true;
      abort.abort();
    }, deadlineMs);
    request.signal?.addEventListener('abort', cancel);
    if (request.signal?.aborted === true) abort.abort();
    try {
      return await this.exchange(method, path, request, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
      throw late
        ? timeoutError(`${method} ${path} had no answer in ${deadlineMs} ms`)
        : abortedError(`${method} ${path} was aborted`);
    } finally {
      clock.clearTimeout(timer);
      request.signal?.removeEventListener('abort', cancel);
    }
  }

  private async exchange(
    method: HttpMethod,
    path: string,
    request: RestRequest,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    if (request.token !== undefined) headers['authorization'] = `Bearer ${request.token}`;
    if (this.options.cookies) headers['x-hongyan'] = '1';
    let status: number;
    let text: string;
    try {
      const response = await this.options.fetch(this.options.baseUrl + path + queryString(request.query), {
        method,
        headers,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        credentials: this.options.cookies ? 'same-origin' : 'omit',
        cache: 'no-store',
        signal,
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw networkError(error instanceof Error ? error.message : 'the request failed');
    }
    const body = parseObject(text);
    if (status < 200 || status > 299) throw errorFromRest(status, body);
    if (body === undefined) throw networkError(`HTTP ${status} without a JSON object`);
    return body;
  }
}

function queryString(query: RestRequest['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

import * as plain from 'node:http';
import * as encrypted from 'node:https';

import type { ErrorCode } from '@hongyan/sdk';

import { overGrpc, restOverGrpc } from './grpc_edge.ts';

/** The `error` object of an answer. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
  readonly retry_after_ms?: number;
  readonly request_id: string;
}

export interface HttpRequest {
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: { readonly type: string; readonly content: string | Buffer };
  /** The address of this machine to connect from. */
  readonly from?: string;
  /** The only certificate to trust; default those of the run. */
  readonly ca?: string;
}

/** One HTTP answer as it came. `T` is what a test expects of its body. */
export class Answer<T = unknown> {
  readonly status: number;
  readonly headers: plain.IncomingHttpHeaders;
  readonly bytes: Buffer;

  constructor(status: number, headers: plain.IncomingHttpHeaders, bytes: Buffer) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  get text(): string {
    return this.bytes.toString('utf8');
  }

  /** The body of a success; throws with what came instead. */
  get data(): T {
    if (this.status !== 200) throw new Error(`HTTP ${this.status}: ${this.text}`);
    return JSON.parse(this.text) as T;
  }

  /** The error of a refusal; throws with what came instead. */
  get error(): WireError {
    if (this.status < 400) throw new Error(`HTTP ${this.status}: ${this.text}`);
    return (JSON.parse(this.text) as { error: WireError }).error;
  }
}

/** One request on a connection of its own; nothing is added to what the test asks for. */
export async function http<T = unknown>(
  base: string,
  method: string,
  path: string,
  options: HttpRequest = {},
): Promise<Answer<T>> {
  const answer = overGrpc ? await restOverGrpc(base, method, path, options) : undefined;
  return (answer as Answer<T> | undefined) ?? onlyHttp<T>(base, method, path, options);
}

/** The same whatever HONGYAN_EDGE says: for tests that are about HTTP itself. */
export function onlyHttp<T = unknown>(
  base: string,
  method: string,
  path: string,
  options: HttpRequest = {},
): Promise<Answer<T>> {
  const raw =
    options.raw ??
    (options.body === undefined
      ? undefined
      : { type: 'application/json', content: JSON.stringify(options.body) });
  const headers: Record<string, string> = {
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...(raw === undefined
      ? {}
      : { 'content-type': raw.type, 'content-length': String(Buffer.byteLength(raw.content)) }),
    ...options.headers,
  };
  return new Promise((done, fail) => {
    const { request } = base.startsWith('https:') ? encrypted : plain;
    const link = {
      ...(options.from === undefined ? {} : { localAddress: options.from }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    };
    const outgoing = request(base + path, { method, headers, agent: false, ...link }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', fail);
      incoming.on('end', () =>
        done(new Answer<T>(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks))),
      );
    });
    outgoing.on('error', fail);
    outgoing.end(raw?.content);
  });
}

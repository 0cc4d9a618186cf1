import type { JsonObject } from './json.ts';
import type { RequestOptions } from './transport/requests.ts';
import type { HttpMethod, RestRequest } from './transport/rest.ts';
import type { RpcType, RpcTypes } from './types.ts';

/** Asks the server over the socket. Rejects with an ImError. */
export interface RpcHost {
  readonly request: <T extends RpcType>(
    type: T,
    data: RpcTypes[T]['request'],
    options?: RequestOptions,
  ) => Promise<RpcTypes[T]['response']>;
}

/** Asks the server over REST, with the session's token. Rejects with an ImError. */
export interface RestHost {
  readonly rest: (
    method: HttpMethod,
    path: string,
    request?: Omit<RestRequest, 'token'>,
  ) => Promise<JsonObject>;
}

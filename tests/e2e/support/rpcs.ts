import { routes } from '@hongyan/sdk';

/** One rpc as the proto files declare it. */
export interface Rpc {
  /** Type of its WebSocket frame, for example `message.send`. */
  readonly name: string;
  readonly verb: string;
  /** For example `/v1/conversations/{conversation_id}/messages`. */
  readonly path: string;
  readonly access: 'public' | 'user' | 'api_key';
}

/** Every rpc of hongyan.v1. */
export function declaredRpcs(): Rpc[] {
  return Object.entries(routes).map(([name, { method, path, access }]) => ({
    name,
    verb: method,
    path,
    access,
  }));
}

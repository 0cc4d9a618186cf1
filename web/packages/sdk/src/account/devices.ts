import type { JsonObject } from '../json.ts';
import type { HttpMethod, RestRequest } from '../transport/rest.ts';
import type { Device, DeviceId } from '../types.ts';

/** What Devices needs of the client. */
export interface DevicesHost {
  readonly rest: (
    method: HttpMethod,
    path: string,
    request?: Omit<RestRequest, 'token'>,
  ) => Promise<JsonObject>;
}

/** Where the user is logged in. Over REST: works while the socket is down, too. Rejects with an ImError. */
export class Devices {
  private readonly host: DevicesHost;

  constructor(host: DevicesHost) {
    this.host = host;
  }

  async list(): Promise<Device[]> {
    const answer = await this.host.rest('GET', '/v1/auth/devices');
    return (answer['items'] as Device[] | undefined) ?? [];
  }

  /** Its sockets close at once. */
  async revoke(id: DeviceId): Promise<void> {
    await this.host.rest('DELETE', `/v1/auth/devices/${encodeURIComponent(id)}`);
  }

  async revokeOthers(): Promise<void> {
    await this.host.rest('POST', '/v1/auth/revoke_others', { body: {} });
  }
}

import type { RestHost } from '../hosts.ts';
import type { Device, DeviceId } from '../types.ts';

/** Where the user is logged in. Over REST: works while the socket is down, too. Rejects with an ImError. */
export class Devices {
  private readonly host: RestHost;

  constructor(host: RestHost) {
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

import type { RunningServer } from '@hongyan/test-support';
import { expect, test } from 'vitest';

import { seedTown } from '../support/crowd.ts';
import { connect, type Person } from '../support/people.ts';
import { withServer } from '../support/servers.ts';
import type { Socket } from '../support/socket.ts';
import { percentile } from '../support/wait.ts';

// Everybody is back in the same moment after a crash, with the limits as they are delivered but those of an address: all
// come from one here. BARS=1 takes as many as one server is to bear.
const HERD = process.env.BARS === undefined ? 1_000 : 10_000;
const ENV = { HONGYAN_LIMITS_IP_SOCKETS_PER_SECOND: '0' };
/** Who has not authenticated by then is sent away: `gateway.auth_timeout_ms`. */
const AUTH_TIMEOUT_MS = 10_000;

/** Opens a socket for everybody at once; how long each took until `ready`, in milliseconds. */
async function rush(server: RunningServer, people: readonly Person[]): Promise<[Socket[], number[]]> {
  const began = performance.now();
  const took: number[] = [];
  const sockets = await Promise.all(
    people.map(async (person) => {
      const socket = await connect(server, person);
      took.push(performance.now() - began);
      return socket;
    }),
  );
  return [sockets, took];
}

test('a herd that is back at once after a crash is let in whole', { timeout: 180_000 }, async () => {
  const town = await seedTown(HERD);
  await withServer({ edge: 'plain', dataDir: town.dataDir, env: ENV }, async (server) => {
    const [before] = await rush(server, town.people);
    await server.kill9();
    await Promise.all(before.map((socket) => socket.closed));
    await server.restart();
    const [after, took] = await rush(server, town.people);
    const [p50, last] = [percentile(took, 50), Math.max(...took)].map((ms) => ms.toFixed(0));
    process.stdout.write(`herd: ${HERD} at once after kill -9: p50 ${p50} ms, the last ${last} ms\n`);
    expect(Math.max(...took)).toBeLessThan(AUTH_TIMEOUT_MS);
    await Promise.all(after.map((socket) => socket.close()));
  });
});

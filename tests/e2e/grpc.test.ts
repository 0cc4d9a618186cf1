import { describe, expect, test } from 'vitest';

import { codeOf, Grpc, status } from './support/grpc.ts';
import { direct, history, register, textMessage } from './support/people.ts';
import { useServer } from './support/servers.ts';

describe('gRPC', () => {
  const server = useServer();
  test('people chat', async () => {
    const grpc = new Grpc(server().grpcAddress);
    const alice = await register(server());
    const bob = await register(server());
    const id = await direct(server(), alice, bob);
    const sent = await grpc.call('message.send', textMessage(id, 'hello'), { token: alice.access });
    expect(sent.status).toBe(status.OK);
    expect(sent.data).toMatchObject({ seq: '1' });
    const repeated = await grpc.call('message.send', textMessage(id, 'hello'), { token: 'nonsense' });
    expect([repeated.status, codeOf(repeated)]).toEqual([status.UNAUTHENTICATED, 'unauthenticated']);
    expect((await history(server(), bob, id)).map((message) => message.content?.text?.text)).toEqual(['hello']);
    grpc.close();
  });
});

import { createServer } from 'node:net';

// A process of its own that answers the first bytes of a connection as if it were a server, and reads and forgets the
// rest: an attack on it costs what the attacker itself takes from a machine that it shares. Runs as it stands, as
// attacker.ts does; it sends {port} when it listens.

const server = createServer((socket) => {
  socket.once('data', () => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  socket.on('error', () => undefined);
  socket.resume();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit(0));

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

// A process of its own that misuses a server while another one measures: what it costs to make nonsense must not be
// counted as the server's. Runs as it stands, so it uses nothing but Node. ATTACK holds {url, token, conversation}; `on`
// and `off` come as messages, and `off` is answered with how much was done.

interface Target {
  readonly url: string;
  /** Of an ordinary account: most misuse needs one. */
  readonly token: string;
  readonly conversation: string;
  /** These kinds of misuse alone, to see what they cost. */
  readonly only?: readonly string[];
}

/** One kind of misuse a tick, by turns: attackers do not keep step with each other. */
const TICK_MS = 4;
const SLOW_CLIENTS = 300;
const PINGS_A_TICK = 100;
const FLOOD = 'x'.repeat(20_000);

const target = JSON.parse(process.env.ATTACK ?? '{}') as Target;
const { hostname, port, host } = new URL(target.url);
const head = `Host: ${host}\r\n`;
const deep = `{"type":"user.me","id":"1","data":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;
const noise = randomBytes(65_536);

const BAD_REQUESTS: readonly (string | Buffer)[] = [
  `GET / HTTP/1.1\r\n${head}${'X-A: 1\r\n'.repeat(10_000)}\r\n`,
  `POST /v1/messages HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`,
  `POST /v1/messages HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  noise,
];

function frame(opcode: number, payload: string | Buffer, fin = true, masked = true): Buffer {
  const data = Buffer.from(payload);
  const extended = Buffer.alloc(data.length < 126 ? 0 : data.length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(data.length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(data.length));
  const short = extended.length === 0 ? data.length : extended.length === 2 ? 126 : 127;
  const first = Buffer.from([(fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | short]);
  // A mask of zeroes is allowed and costs nothing to apply.
  return Buffer.concat([first, extended, masked ? Buffer.alloc(4) : Buffer.alloc(0), data]);
}

const BAD_FRAMES: readonly Buffer[] = [
  frame(1, '{"type":"ping","id":"1"}', true, false),
  frame(1, Buffer.from([0x22, 0xc3, 0x28, 0x22])),
  frame(1, Buffer.alloc(200_000, 'x')),
  Buffer.concat(Array.from({ length: 1_100 }, (_, i) => frame(i === 0 ? 1 : 0, '', false))),
  noise,
  Buffer.concat([frame(1, deep), frame(1, 'null'), frame(1, '{}')]),
];

const done = { requests: 0, frames: 0, pings: 0, slow: 0, floods: 0 };
const open = new Set<Socket>();
let timer: NodeJS.Timeout | undefined;
let slow: Socket[] = [];
let pinger: Socket | undefined;
let flooder: Socket | undefined;
let turn = 0;

function dial(): Socket {
  const socket = connect({ host: hostname, port: Number(port) });
  open.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => open.delete(socket));
  socket.resume();
  return socket;
}

function upgrade(): Socket {
  const socket = dial();
  socket.write(
    `GET /ws HTTP/1.1\r\n${head}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nAuthorization: Bearer ${target.token}\r\n\r\n`,
  );
  return socket;
}

function pick<T>(choices: readonly T[], at: number): T {
  const chosen = choices[at % choices.length];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}

/** What is done in a tick, by kind; answers how often. */
const KINDS: Readonly<Record<keyof typeof done, () => number>> = {
  requests() {
    const socket = dial();
    socket.write(pick(BAD_REQUESTS, done.requests));
    // Some only close when they are closed.
    socket.on('end', () => socket.end());
    return 1;
  },
  frames() {
    const socket = upgrade();
    // After `ready`: before it there is less room.
    const broken = pick(BAD_FRAMES, done.frames);
    socket.once('data', () => socket.write(broken));
    socket.on('end', () => socket.end());
    return 1;
  },
  pings() {
    if (pinger === undefined || pinger.destroyed) pinger = upgrade();
    for (let i = 0; i < PINGS_A_TICK; i++) pinger.write(frame(9, `ping ${i}`));
    return PINGS_A_TICK;
  },
  floods() {
    if (flooder === undefined || flooder.destroyed) {
      // Both sockets get every message; the first never reads one, the second reads all.
      upgrade().pause();
      flooder = upgrade();
    }
    const id = randomBytes(12).toString('hex');
    const data = {
      conversation_id: target.conversation,
      client_msg_id: id,
      content: { text: { text: FLOOD } },
    };
    flooder.write(frame(1, JSON.stringify({ type: 'message.send', id, data })));
    return 1;
  },
  slow() {
    slow = slow.filter((socket) => !socket.destroyed);
    const opened = SLOW_CLIENTS - slow.length;
    for (let i = 0; i < opened; i++) {
      const socket = dial();
      socket.write(`GET / HTTP/1.1\r\n${head}X-Slow: `);
      slow.push(socket);
    }
    for (let i = 0; i < 6; i++) slow[(turn + i) % slow.length]?.write('a');
    return opened;
  },
};

function tick(): void {
  turn += 1;
  const kind = pick(Object.keys(KINDS) as (keyof typeof done)[], turn);
  if (target.only === undefined || target.only.includes(kind)) done[kind] += KINDS[kind]();
}

function on(): void {
  timer = setInterval(tick, TICK_MS);
  process.send?.({ on: true });
}

function off(): void {
  clearInterval(timer);
  for (const socket of open) socket.destroy();
  slow = [];
  pinger = undefined;
  flooder = undefined;
  process.send?.({ done });
}

process.on('message', (wish) => (wish === 'on' ? on() : off()));
process.on('disconnect', () => process.exit(0));

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { routes } from '@hongyan/sdk';
import type { RunningServer } from '@hongyan/test-support';
import { repositoryRoot } from '@hongyan/test-support/command';
import { expect, test } from 'vitest';

import { examples, filled, isLike, type Line, parseExample } from './support/examples.ts';
import { createGroup } from './support/groups.ts';
import { type Answer, http } from './support/http.ts';
import { call, connect, direct, login, type Person, register, say, tryLogin } from './support/people.ts';
import { withServer } from './support/servers.ts';
import { type Frame, Socket } from './support/socket.ts';

// A slow client is left behind soon, so that little has to be sent to it.
const ENV = { HONGYAN_GATEWAY_MAX_OUTPUT_BYTES: '65536' };

/** Alice is the client of an example, Bob the other person. */
class Replay {
  private readonly seen = new Set<Frame>();
  private readonly server: RunningServer;
  private readonly socket: Socket;
  private readonly alice: Person;
  private readonly bob: Person;
  private readonly conversation: string;
  private answer: Answer | undefined;
  /** The other person's socket, once they have come. */
  private others: Socket | undefined;

  private constructor(server: RunningServer, socket: Socket, people: [Person, Person], conversation: string) {
    this.server = server;
    this.socket = socket;
    [this.alice, this.bob] = people;
    this.conversation = conversation;
  }

  static async begin(server: RunningServer): Promise<Replay> {
    const [alice, bob] = [await register(server), await register(server)];
    const conversation = await direct(server, alice, bob);
    return new Replay(server, await Socket.open(server.url), [alice, bob], conversation);
  }

  end(): void {
    this.socket.terminate();
    this.others?.terminate();
  }

  async play({ by, text, where }: Line): Promise<void> {
    if (by === '*') return this.happen(text, where);
    const rest = /^([A-Z]+) (\S+)(?: (.+))?$/.exec(text);
    const answer = /^(\d{3}) (.+)$/.exec(text);
    if (by === 'C' && rest !== null) {
      const body = rest[3] === undefined ? undefined : this.fill(rest[3]);
      this.answer = await http(this.server.url, rest[1] ?? '', rest[2] ?? '', {
        token: this.alice.access,
        body,
      });
    } else if (by === 'C') {
      this.socket.sendRaw(JSON.stringify(this.fill(text)));
    } else if (answer !== null) {
      expect(this.answer?.status, where).toBe(Number(answer[1]));
      const body: unknown = JSON.parse(this.answer?.text ?? '');
      expect(isLike(parseExample(answer[2] ?? ''), body), `${where}: ${this.answer?.text}`).toBe(true);
    } else {
      await this.expectFrame(parseExample(text), where);
    }
  }

  private fill(json: string): unknown {
    const { conversation, alice, bob } = this;
    return filled(parseExample(json), {
      conversation_id: conversation,
      token: alice.access,
      account: alice.username,
      user_ids: bob.userId,
    });
  }

  private async expectFrame(example: unknown, where: string): Promise<void> {
    try {
      const frame = await this.socket.seen((one) => !this.seen.has(one) && isLike(example, one), where);
      this.seen.add(frame);
    } catch (error) {
      const others = this.socket.frames.filter((frame) => !this.seen.has(frame)).slice(-3);
      throw new Error(`${where}: came instead: ${JSON.stringify(others).slice(0, 2_000)}`, { cause: error });
    }
  }

  private async happen(what: string, where: string): Promise<void> {
    switch (what) {
      case 'it reaches a device of the other person':
        await call(this.server, this.bob, 'POST', `/v1/conversations/${this.conversation}/mark_delivered`, {
          seq: 1,
        });
        return;
      case 'the other person reads it':
        await call(this.server, this.bob, 'POST', `/v1/conversations/${this.conversation}/mark_read`, {
          seq: 1,
        });
        return;
      case 'the other person makes a group with this user':
        await createGroup(this.server, this.bob, [this.alice]);
        return;
      case 'the other person comes':
        this.others = await connect(this.server, this.bob);
        return;
      case 'the other person types':
        await call(this.server, this.bob, 'POST', `/v1/conversations/${this.conversation}/typing`, {});
        return;
      case 'pushes pile up while this client does not read':
        return this.pileUp();
      case 'this device is revoked from another one': {
        const other = await login(this.server, this.alice);
        await call(this.server, other, 'DELETE', `/v1/auth/devices/${this.alice.deviceId}`);
        return;
      }
      case 'the server is told to stop':
        expect(await this.server.terminate(), 'exit code').toBe(0);
        return;
      case 'wrong passwords are tried':
        for (let i = 0; i < 5; i++) await tryLogin(this.server, this.alice.username, 'wrong');
        return;
      default:
        throw new Error(`${where}: nobody knows how to do this: ${what}`);
    }
  }

  private async pileUp(): Promise<void> {
    this.socket.pause();
    const sender = await connect(this.server, this.bob);
    // More than the buffers of both ends and the server's bound hold together.
    const big = '雁'.repeat(20_000);
    for (let i = 0; i < 300; i++) await say(sender, this.conversation, big);
    await sender.close();
    this.socket.resume();
  }
}

const blocks = examples();

test.each(blocks.map((block) => [block[0]?.where ?? '', block] as const))('%s', async (_, block) => {
  await withServer({ env: ENV }, async (server) => {
    const replay = await Replay.begin(server);
    try {
      for (const line of block) await replay.play(line);
    } finally {
      replay.end();
    }
  });
});

test('every type of frame and every field of an error has an example', () => {
  const shown = blocks
    .flat()
    .filter((line) => line.text.startsWith('{'))
    .map((line) => (parseExample(line.text) as Frame).type);
  const described = JSON.parse(readFileSync(join(repositoryRoot, 'docs/asyncapi.json'), 'utf8')) as {
    channels: { socket: { messages: Record<string, { name: string }> } };
    components: { schemas: { Error: { properties: object } } };
  };
  const types = Object.values(described.channels.socket.messages).map((message) => message.name);
  const beside = types.filter((type) => !(type in routes));
  expect([...new Set(shown)]).toEqual(expect.arrayContaining([...new Set(beside)]));

  const text = blocks.flat().map((line) => line.text);
  for (const field of Object.keys(described.components.schemas.Error.properties)) {
    // Mutes are not built yet.
    if (field === 'until_ms') continue;
    expect(
      text.some((line) => line.includes('"error":{') && line.includes(`"${field}":`)),
      field,
    ).toBe(true);
  }
});

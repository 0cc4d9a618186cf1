import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DeliveredPush, MessagePush, ReadPush } from '@hongyan/sdk';
import { describe, expect, test } from 'vitest';

import { ask, befriend, contactsOf, requestsOf } from '../support/contacts.ts';
import { createGroup } from '../support/groups.ts';
import {
  call,
  connect,
  direct,
  freshName,
  history,
  login,
  type Person,
  register,
  say,
} from '../support/people.ts';
import { useServer } from '../support/servers.ts';
import { KEYS, Terminal, type TerminalOptions } from '../support/terminal.ts';
import { within } from '../support/wait.ts';

// The terminal client speaks no TLS.
const server = useServer({ edge: 'plain' });
const folder = mkdtempSync(join(tmpdir(), 'hongyan-screen-'));

function argumentsOf({ username, password }: Pick<Person, 'username' | 'password'>): string[] {
  const file = join(folder, `${username}.password`);
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return ['chat', '--server', server().url, '--user', username, '--password-file', file];
}

/** The screen of somebody, once it is connected. */
async function screenOf(person: Person, options: TerminalOptions = {}): Promise<Terminal> {
  const terminal = Terminal.start(argumentsOf(person), options);
  await terminal.until('● connected');
  return terminal;
}

async function leave(terminal: Terminal, key: string = KEYS.ctrlQ): Promise<void> {
  terminal.type(key);
  expect(await within(terminal.ended, 'the client ends')).toEqual({ exit: 0, restored: true });
}

async function devicesOf(person: Person): Promise<string[]> {
  const path = '/v1/auth/devices';
  const { items } = await call<{ items: { name: string }[] }>(server(), person, 'GET', path);
  return items.map((device) => device.name);
}

describe('writing', () => {
  test('two people chat, and see how far their messages have come', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), bob, alice);
    const socket = await connect(server(), bob);
    await say(socket, id, 'hello 鸿雁 😀');

    const screen = await screenOf(alice);
    await screen.until(/bob_.*\n hello 鸿雁 😀 +\(1\)/);
    await socket.push<DeliveredPush>('delivered', (push) => push.user_id === alice.userId && push.seq === 1);
    screen.type(KEYS.enter);
    await socket.push<ReadPush>('read', (push) => push.user_id === alice.userId && push.seq === 1);
    await screen.until((text) => !text.includes('(1)') && text.includes('── new ──'), 'the message as read');

    screen.type('你好 bob');
    await screen.until('› 你好 bob');
    screen.type(KEYS.enter);
    await screen.until('✓ sent');
    const pushed = await socket.push<MessagePush>('message', (push) => push.seq === 2);
    expect(pushed.message.content?.text?.text).toBe('你好 bob');
    await socket.call('conversation.mark_delivered', { conversation_id: id, seq: 2 });
    await screen.until('✓✓ delivered');
    await socket.call('conversation.mark_read', { conversation_id: id, seq: 2 });
    await screen.until('✓✓ read');
    await leave(screen);
  });

  test('both sit at a terminal', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    await direct(server(), alice, bob);
    // A locale without UTF-8 changes nothing.
    const [left, right] = [await screenOf(alice), await screenOf(bob, { env: { LC_ALL: 'C' } })];
    await left.until('bob_');
    left.type(`${KEYS.enter}one\n two${KEYS.enter}`);
    await right.until(/alice_.*\n one {2}two +\(1\)/);
    right.type(`${KEYS.enter}three${KEYS.enter}`);
    await right.until(/three.*✓✓ (delivered|read)/);
    await left.until('three');
    await left.until('✓✓ read');
    await leave(left);
    await leave(right);
  });

  test('a refusal is said beside the message, and the message can be sent again', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), alice, bob);
    await call(server(), bob, 'PUT', `/v1/contacts/${alice.userId}/block`, {});
    const screen = await screenOf(alice);
    screen.type(`${KEYS.enter}hello?${KEYS.enter}`);
    await screen.until('! not sent: messages between you are blocked');
    expect(await history(server(), alice, id)).toEqual([]);
    await call(server(), bob, 'DELETE', `/v1/contacts/${alice.userId}/block`);
    screen.type(KEYS.ctrlR);
    await screen.until('✓ sent');
    expect(await history(server(), alice, id)).toHaveLength(1);
    await leave(screen);
  });

  test('a paste is one message, whatever lines it has', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), alice, bob);
    const screen = await screenOf(alice);
    expect(screen.bracketsPastes).toBe(true);
    screen.type(`${KEYS.enter}\x1b[200~first\rsecond\x1b[201~`);
    await screen.until('second');
    screen.type(KEYS.enter);
    await screen.until('✓ sent');
    const texts = (await history(server(), alice, id)).map((message) => message.content?.text?.text);
    expect(texts).toEqual(['first\nsecond']);
    await leave(screen);
  });
});

describe('reading', () => {
  test('unread rises, and the next unread chat is one key away', async () => {
    const [alice, bob, carol] = [
      await register(server(), 'alice'),
      await register(server(), 'bob'),
      await register(server(), 'carol'),
    ];
    const [withBob, withCarol] = [await direct(server(), alice, bob), await direct(server(), alice, carol)];
    const [fromBob, fromCarol] = [await connect(server(), bob), await connect(server(), carol)];
    const screen = await screenOf(alice);
    await say(fromBob, withBob, 'from bob');
    await screen.until('F1 Chats 1');
    await say(fromCarol, withCarol, 'from carol 1');
    await say(fromCarol, withCarol, 'from carol 2');
    await screen.until('F1 Chats 3');
    await screen.until('(2)');
    screen.type(KEYS.ctrlN);
    await screen.until(
      (text) => text.includes('F1 Chats 1') && text.includes('from carol 1'),
      'the chat of carol',
    );
    screen.type(KEYS.ctrlN);
    await screen.until(/F1 Chats {2}F2/);
    await leave(screen);
  });

  test('history pages back to its beginning, and forth', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), bob, alice);
    const socket = await connect(server(), bob);
    await say(socket, id, 'the very first');
    for (let n = 2; n <= 130; n += 1) await say(socket, id, `line ${n}.`);
    const screen = await screenOf(alice);
    screen.type(KEYS.enter);
    await screen.until('line 130.');
    /** Presses a key until the conversation shows the text. The screen changes in pieces, so a page may count as several. */
    const pageTo = async (key: string, wanted: string) => {
      for (let page = 0; page < 100 && !screen.text().includes(`│   ${wanted}`); page += 1) {
        const before = screen.text();
        screen.type(key);
        await screen.until((text) => text !== before, 'another page');
      }
    };
    await pageTo(KEYS.pageUp, 'the very first');
    await screen.until('PgDn: newer');
    await say(socket, id, 'the very last');
    await screen.until(/the very last +\(1\)/);
    await pageTo(KEYS.pageDown, 'the very last');
    await screen.until((text) => !text.includes('(1)') && !text.includes('PgDn'), 'the end, as read');
    await leave(screen);
  });

  test('groups name who speaks, and say in words what happens', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const group = await createGroup(server(), bob, [alice], 'Team 鸿雁');
    const socket = await connect(server(), bob);
    await say(socket, group, '大家好');
    const screen = await screenOf(alice);
    screen.type(KEYS.f3);
    await screen.until('2 of at most');
    screen.type(KEYS.enter);
    await screen.until(`${bob.username} created the group with you`);
    await screen.until(new RegExp(`${bob.username} {2}\\d\\d:\\d\\d`));
    await screen.until('Team 鸿雁 · 2 members');
    await call(server(), bob, 'PATCH', `/v1/groups/${group}`, { name: 'Crew' });
    await screen.until(`${bob.username} renamed the group to “Crew”`);
    await screen.until('Crew · 2 members');
    screen.type(`hello all${KEYS.enter}`);
    await screen.until('✓ sent');
    await leave(screen);
  });

  test('what others write does nothing to the terminal', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), bob, alice);
    const socket = await connect(server(), bob);
    await say(socket, id, '\x1b]0;pwned\x07\x1b[2J\u009b31m\u202egpj');
    const screen = await screenOf(alice);
    screen.type(KEYS.enter);
    await screen.until('\\x1b]0;pwned\\x07\\x1b[2J\\u009b31m\\u202egpj');
    expect(screen.title).toBe('');
    expect(screen.raw).not.toContain('\x1b]0;');
    expect(screen.raw).not.toContain('\u009b');
    expect(screen.raw).not.toContain('\u202e');
    await leave(screen);
  });
});

describe('friends', () => {
  test('a request is accepted, another rejected, and somebody asked', async () => {
    const [alice, bob, carol] = [
      await register(server(), 'alice'),
      await register(server(), 'bob'),
      await register(server(), 'carol'),
    ];
    const screen = await screenOf(alice);
    await ask(server(), bob, alice, { message: 'it is me, bob' });
    await screen.until(`${bob.username} wants to be your friend`);
    screen.type(KEYS.f2);
    await screen.until('“it is me, bob”');
    screen.type(KEYS.enter);
    await screen.until(`${bob.username} is your friend now`);
    await screen.until('Friends (1)');
    expect((await contactsOf(server(), alice)).map((contact) => contact.user_id)).toEqual([bob.userId]);

    await ask(server(), carol, alice, { message: 'and me' });
    await screen.until('F2 Friends 1');
    screen.type(KEYS.up);
    await screen.until('“and me”');
    screen.type(KEYS.ctrlX);
    await screen.until('was rejected');
    expect((await requestsOf(server(), carol, 'sent'))[0]?.state).toBe('rejected');

    const dave = await register(server(), 'dave');
    screen.type(`nobody_here hi${KEYS.enter}`);
    await screen.until('Nobody has the username nobody_here');
    screen.type(`${dave.username} hi dave${KEYS.enter}`);
    await screen.until(`${dave.username} was asked`);
    await screen.until('Asked by you (1)');
    expect((await requestsOf(server(), dave, 'received'))[0]?.message).toBe('hi dave');
    await leave(screen);
  });

  test('a chat with a friend is opened from the list', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await befriend(server(), bob, alice);
    const screen = await screenOf(alice);
    screen.type(KEYS.f2);
    await screen.until('Friends (1)');
    screen.type(KEYS.enter);
    await screen.until('You accepted the friend request');
    screen.type(`hi friend${KEYS.enter}`);
    await screen.until('✓ sent');
    expect((await history(server(), bob, id)).at(-1)?.content?.text?.text).toBe('hi friend');
    await leave(screen);
  });
});

describe('the terminal', () => {
  test('a restart of the server loses nothing and sends nothing twice', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), alice, bob);
    const screen = await screenOf(alice);
    screen.type(`${KEYS.enter}before${KEYS.enter}`);
    await screen.until('✓ sent');
    await server().terminate();
    await screen.until('reconnecting…');
    screen.type(`meanwhile${KEYS.enter}`);
    await screen.until('sending…');
    await server().restart();
    await screen.until('● connected');
    await screen.until((text) => text.includes('meanwhile') && !text.includes('sending…'), 'it is sent');
    const socket = await connect(server(), await login(server(), bob));
    await say(socket, id, 'after');
    await screen.until('  after');
    const texts = (await history(server(), bob, id)).map((message) => message.content?.text?.text);
    expect(texts).toEqual(['before', 'meanwhile', 'after']);
    await leave(screen);
  });

  test('takes any size', async () => {
    const [alice, bob] = [await register(server(), 'alice'), await register(server(), 'bob')];
    const id = await direct(server(), bob, alice);
    const socket = await connect(server(), bob);
    await say(socket, id, 'a message that is longer than a small terminal is wide, 中文也有');
    const screen = await screenOf(alice);
    screen.type(KEYS.enter);
    await screen.until('── Today ──');
    screen.resize(120, 40);
    await screen.until(() => screen.lines()[39]?.includes('^Q quit') === true, 'the status in row 40');
    screen.resize(20, 6);
    await screen.until((text) => text.includes('Chats') && text.includes('文也有'), 'a small screen');
    screen.resize(5, 2);
    screen.type('x');
    screen.resize(80, 24);
    await screen.until(() => screen.lines()[23]?.includes('^Q quit') === true, 'the status in row 24');
    await screen.until('› x');
    await leave(screen);
  });

  test('is given back and the device logged out, however the client ends', async () => {
    const alice = await register(server(), 'alice');
    for (const key of [KEYS.ctrlQ, KEYS.ctrlC]) {
      const screen = await screenOf(alice);
      expect(screen.isAlternate).toBe(true);
      expect(await devicesOf(alice)).toContain('hongyan chat');
      await leave(screen, key);
      expect([screen.isAlternate, screen.bracketsPastes]).toEqual([false, false]);
      expect(await devicesOf(alice)).not.toContain('hongyan chat');
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const screen = await screenOf(alice);
      screen.signal(signal);
      expect(await within(screen.ended, signal), signal).toEqual({ exit: 0, restored: true });
      expect(screen.isAlternate).toBe(false);
      expect(await devicesOf(alice)).not.toContain('hongyan chat');
    }
  });

  test('is given back when the session is ended elsewhere, and the reason stands there', async () => {
    const alice = await register(server(), 'alice');
    const screen = await screenOf(alice);
    await call(server(), alice, 'POST', '/v1/auth/revoke_others', {});
    expect(await within(screen.ended, 'the client ends')).toEqual({ exit: 1, restored: true });
    expect(screen.isAlternate).toBe(false);
    expect(screen.text()).toContain('token_revoked');
  });

  test('what it cannot do is said before a screen is opened', async () => {
    const wrong = Terminal.start(argumentsOf({ username: freshName(), password: 'not the password' }));
    expect(await within(wrong.ended, 'the client ends')).toEqual({ exit: 1, restored: true });
    expect(wrong.text()).toContain('wrong_credentials');
    const alice = await register(server(), 'alice');
    const dumb = Terminal.start(argumentsOf(alice), { env: { TERM: 'no-such-terminal' } });
    expect(await within(dumb.ended, 'the client ends')).toEqual({ exit: 1, restored: true });
    expect(dumb.text()).toContain('--follow');
    expect(await devicesOf(alice)).not.toContain('hongyan chat');
  });

  test('help is one key away', async () => {
    const screen = await screenOf(await register(server(), 'alice'));
    await screen.until('F2 adds a friend');
    screen.type(KEYS.f4);
    await screen.until('end, and log this terminal out');
    screen.type('x');
    await screen.until((text) => !text.includes('log this terminal out'), 'no help');
    await leave(screen);
  });
});

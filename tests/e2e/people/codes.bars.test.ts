import { startServer, UNLIMITED } from '@hongyan/test-support';
import { hongyan } from '@hongyan/test-support/command';
import { afterAll, expect, test } from 'vitest';

import { CodeFakes, freshMail } from '../support/code_fakes.ts';
import { type Answer, onlyHttp } from '../support/http.ts';
import { freshName } from '../support/people.ts';
import { withServer } from '../support/servers.ts';
import { median, percentile } from '../support/wait.ts';

const fakes = await CodeFakes.start();
afterAll(() => fakes.stop());

const PASSWORD = 'a long password';
/** A client may choose its address; `directUrl` is past nginx. */
const TRUSTING = { ...fakes.env, ...UNLIMITED, HONGYAN_HTTP_TRUSTED_PROXIES: '127.0.0.1' };

type Server = Awaited<ReturnType<typeof startServer>>;

async function create(server: Server, email: string): Promise<string> {
  const username = freshName();
  const made = await hongyan(
    ['admin', 'create-user', '--data', server.dataDir, '--password-stdin', '--email', email, username],
    { input: `${PASSWORD}\n` },
  );
  expect(made.code, made.stderr).toBe(0);
  return username;
}

function post(server: Server, path: string, body: object, address = '203.0.113.1'): Promise<Answer> {
  return onlyHttp(server.directUrl, 'POST', path, { body, headers: { 'X-Forwarded-For': address } });
}

const ask = (server: Server, target: string, address?: string) =>
  post(server, '/v1/auth/send_code', { target, purpose: 'login' }, address);
const enter = (server: Server, account: string, code: string, address?: string) =>
  post(server, '/v1/auth/login_by_code', { account, code }, address);

/** What of an answer a client can compare. */
function comparable(answer: Answer): string {
  const names = Object.keys(answer.headers).filter((name) => name !== 'date');
  return JSON.stringify([answer.status, names, answer.text.replace(/"request_id":"[^"]*"/, '')]);
}

test('neither answer nor time tells whether a target exists', async () => {
  const tries = 200;
  const env = {
    ...TRUSTING,
    HONGYAN_CODES_RESEND_MS: '0',
    HONGYAN_CODES_DAILY_PER_TARGET: '100000',
    HONGYAN_CODES_DAILY_PER_ADDRESS: '100000',
  };
  await withServer({ env }, async (server) => {
    const known = freshMail();
    const unknown = freshMail();
    await create(server, known);
    const requests: Record<string, (target: string) => Promise<Answer>> = {
      send_code: (target) => ask(server, target),
      login_by_code: (account) => post(server, '/v1/auth/login_by_code', { account, code: '000000' }),
      reset_password: (target) =>
        post(server, '/v1/auth/reset_password', { target, code: '000000', new_password: PASSWORD }),
    };
    const timed = async (request: (target: string) => Promise<Answer>, target: string) => {
      const begun = performance.now();
      const answer = await request(target);
      const took = performance.now() - begun;
      return { took, seen: comparable(answer) };
    };
    for (const [name, request] of Object.entries(requests)) {
      const differences: number[] = [];
      const all: number[] = [];
      const seen = new Set<string>();
      const sent = fakes.count(known);
      // The first ones open files and connections.
      for (let i = -10; i < tries; i++) {
        // Either comes first in turn, and what the one has caused is over before the other.
        const took = new Map<string, number>();
        for (const target of i % 2 === 0 ? [known, unknown] : [unknown, known]) {
          const measured = await timed(request, target);
          took.set(target, measured.took);
          seen.add(measured.seen);
          if (name === 'send_code' && target === known) await fakes.letter(known, sent + i + 11);
        }
        if (i < 0) continue;
        const [one = 0, other = 0] = [took.get(known), took.get(unknown)];
        differences.push(one - other);
        all.push(one, other);
      }
      // The same, byte by byte, and no side is slower more often than chance would have it (five standard deviations).
      expect(seen.size, [...seen].join('\n')).toBe(1);
      const slower = differences.filter((difference) => difference > 0).length;
      const spread = percentile(all, 75) - percentile(all, 25);
      process.stdout.write(
        `${name}: known slower ${slower} of ${tries}, difference p50 ${median(differences).toFixed(3)} ms, ` +
          `p50 ${median(all).toFixed(3)} ms, between quartiles ${spread.toFixed(3)} ms\n`,
      );
      expect(Math.abs(slower - tries / 2)).toBeLessThan((5 * Math.sqrt(tries)) / 2);
      expect(Math.abs(median(differences))).toBeLessThan(spread);
    }
    expect(fakes.count(unknown)).toBe(0);
  });
}, 120_000);

test('a thousand guesses from a hundred addresses find nothing', async () => {
  await withServer({ env: TRUSTING }, async (server) => {
    const email = freshMail();
    const username = await create(server, email);
    expect((await ask(server, email)).status).toBe(200);
    const { code } = await fakes.letter(email);
    // The right one is among them, but for the first five: afterwards it is too late for it as well.
    const first = Number(code) + 1;
    const guesses = Array.from({ length: 999 }, (_, i) => String((first + i) % 1_000_000).padStart(6, '0'));
    guesses.splice(500, 0, code);
    const answers = new Map<string, number>();
    for (let at = 0; at < guesses.length; at += 20) {
      const round = guesses.slice(at, at + 20).map(async (guess, i) => {
        const address = `198.51.100.${(at + i) % 100}`;
        // Asking again from elsewhere begins nothing anew.
        if (i === 0) expect((await ask(server, email, address)).error.code).toBe('rate_limited');
        const answer = await enter(server, email, guess, address);
        const key = `${answer.status} ${answer.error.code}`;
        answers.set(key, (answers.get(key) ?? 0) + 1);
      });
      await Promise.all(round);
    }
    process.stdout.write(`guesses: ${JSON.stringify([...answers])}\n`);
    expect([...answers]).toEqual([['400 code_invalid', 1000]]);
    expect(fakes.count(email)).toBe(1);
    // Who knows the password is not kept out by it.
    const login = await post(server, '/v1/auth/login', { account: username, password: PASSWORD });
    expect(login.status).toBe(200);
  });
});

test('the limits hold over a restart', async () => {
  const env = { ...TRUSTING, HONGYAN_CODES_DAILY_PER_ADDRESS: '3' };
  const server = await startServer({ env });
  try {
    const email = freshMail();
    await create(server, email);
    expect((await ask(server, email)).status).toBe(200);
    const { code } = await fakes.letter(email);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let i = 0; i < 4; i++) expect((await enter(server, email, wrong)).error.code).toBe('code_invalid');
    await server.restart();
    const again = await ask(server, email);
    expect(again.error.code).toBe('rate_limited');
    expect(again.error.retry_after_ms).toBeLessThanOrEqual(60_000);
    // The fifth try, and then the right one is none.
    expect((await enter(server, email, wrong)).error.code).toBe('code_invalid');
    expect((await enter(server, email, code)).error.code).toBe('code_invalid');
    // The address has one of its three codes already.
    for (let i = 0; i < 2; i++) expect((await ask(server, freshMail())).status).toBe(200);
    await server.restart();
    const refused = await ask(server, freshMail());
    expect(refused.error.code).toBe('rate_limited');
    expect(refused.error.retry_after_ms).toBeGreaterThan(23 * 3_600_000);
    expect((await ask(server, freshMail(), '203.0.113.2')).status).toBe(200);
  } finally {
    await server.stop();
  }
  const few = { ...TRUSTING, HONGYAN_CODES_RESEND_MS: '0', HONGYAN_CODES_DAILY_PER_TARGET: '2' };
  const other = await startServer({ env: few });
  try {
    const target = freshMail();
    for (let i = 0; i < 2; i++) expect((await ask(other, target)).status).toBe(200);
    await other.restart();
    expect((await ask(other, target, '203.0.113.9')).error.code).toBe('rate_limited');
    expect((await ask(other, freshMail())).status).toBe(200);
  } finally {
    await other.stop();
  }
});

test('a code that was right before a restart is right after it, and then no more', async () => {
  const server = await startServer({ env: TRUSTING });
  try {
    const email = freshMail();
    await create(server, email);
    await ask(server, email);
    const { code } = await fakes.letter(email);
    await server.restart();
    expect((await enter(server, email, code)).status).toBe(200);
    await server.restart();
    expect((await enter(server, email, code)).error.code).toBe('code_invalid');
  } finally {
    await server.stop();
  }
});

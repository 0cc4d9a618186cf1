import type { ChangePush, MessagePush } from '@hongyan/sdk';
import { expect, test } from 'vitest';

import { useServer } from '../e2e/support/servers.ts';
import { has } from './alphabet.ts';
import type { ClientOptions } from './client.ts';
import { Replica } from './replica.ts';
import { play, SERVER } from './schedule.ts';

// Devices that break the rule for clients, each in one point: schedules must find every one of them.

/** Believes that whatever comes is the next. */
class DeafToHoles extends Replica {
  override pushed(push: MessagePush): void {
    super.pushed(push);
    this.seq = Math.max(this.seq, push.seq);
  }
}

/** Does not listen to marks made elsewhere. */
class DeafToMarks extends Replica {
  override readBy(): void {
    // This is the flaw.
  }
}

/** Counts what comes instead of reading its number. */
class Doubler extends Replica {
  override pushed(push: MessagePush): void {
    super.pushed({ ...push, message: { ...push.message, seq: this.seq + 1 } });
  }
}

/** Applies changes as they come and never asks for those that lack. */
class DeafToChanges extends Replica {
  override changed(push: ChangePush): void {
    super.changed(push);
    this.change = Math.max(this.change, push.change);
  }
}

/** A new id at each try. */
function freshIds(): (sent: { clientMsgId: string }) => string {
  const tries = new Map<string, number>();
  return ({ clientMsgId }) => {
    const tried = (tries.get(clientMsgId) ?? 0) + 1;
    tries.set(clientMsgId, tried);
    return tried === 1 ? clientMsgId : `${clientMsgId}-${tried}`;
  };
}

const server = useServer(SERVER);
const SEED = 20_000;
/** Each flaw shows in one of so many schedules, most in the first. */
const TRIES = 20;

const flaws: readonly [string, () => Partial<ClientOptions>, string?][] = [
  ['does not notice holes', () => ({ replica: DeafToHoles })],
  ['does not notice marks', () => ({ replica: DeafToMarks })],
  ['numbers what comes by itself', () => ({ replica: Doubler })],
  ['does not notice lost changes', () => ({ replica: DeafToChanges }), 'message.changes'],
  ['repeats with another id', () => ({ idOf: freshIds() })],
];

test.each(flaws.filter(([, , needs]) => needs === undefined || has(needs)))(
  'a device that %s is found',
  async (_, flaw) => {
    let problems: readonly string[] = [];
    for (let i = 0; i < TRIES && problems.length === 0; i++) {
      ({ problems } = await play(server(), SEED + i, {
        flaw: flaw(),
        lossy: 1,
        quietMs: 1_500,
        convergedMs: 50,
      }));
    }
    expect(problems).not.toEqual([]);
  },
);

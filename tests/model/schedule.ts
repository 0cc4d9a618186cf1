import { type RunningServer, type StartOptions, UNLIMITED } from '@hongyan/test-support';

import { Random } from '@hongyan/test-support/random';
import { moment, STEPS, type Step } from './steps.ts';
import { World, type WorldOptions } from './world.ts';

/** How servers of schedules run. */
export const SERVER: StartOptions = {
  edge: 'plain',
  env: {
    ...UNLIMITED,
    HONGYAN_AUTH_ACCESS_TOKEN_MS: String(24 * 3_600_000),
    // Marks are written soon, and what a device does not read is left out soon.
    HONGYAN_MESSAGE_READ_WINDOW_MS: '20',
    HONGYAN_GATEWAY_MAX_OUTPUT_BYTES: String(256 * 1024),
    HONGYAN_GATEWAY_MAX_OUTPUT_FRAMES: '64',
    HONGYAN_GATEWAY_RECONNECT_SPREAD_MS: '0',
  },
};

export interface Outcome {
  /** What is wrong; empty when the model and the server agree. */
  readonly problems: readonly string[];
  /** How often something happened. */
  readonly counts: ReadonlyMap<string, number>;
}

function choose(random: Random): Step {
  const sum = STEPS.reduce((total, { weight }) => total + weight, 0);
  let at = random.next() * sum;
  for (const step of STEPS) {
    at -= step.weight;
    if (at < 0) return step;
  }
  throw new Error('no step');
}

/** One schedule: the seed decides what happens and how long it waits in between. */
export async function play(
  server: RunningServer,
  seed: number,
  options: WorldOptions = {},
): Promise<Outcome> {
  const random = new Random(seed);
  const world = await World.create(server, new Random(seed), options);
  try {
    for (let left = random.between(40, 90); left > 0; left--) {
      const step = choose(random);
      world.random = new Random(random.between(0, 2 ** 31));
      step.run(world);
      if (random.chance(0.7)) await moment(random.between(0, 20));
    }
    const problems = await world.settle();
    return { problems, counts: world.ledger.counts };
  } finally {
    await world.end();
  }
}

import {
  type Client,
  type ClientOptions,
  MemoryStore,
  MemoryVault,
  type Row,
  type Store,
} from '../src/index.ts';
import { open, World } from './world.ts';

/** alice's client in a chat with bob, who has none; a window is open. */
export async function chat(messages = 0, store: Store = new MemoryStore()) {
  const world = new World();
  const vault = new MemoryVault();
  await world.stranger('bob');
  const alice = await world.person('alice', { store: () => store, vault });
  const id = await open(alice, 'bob');
  for (let n = 1; n <= messages; n += 1) world.server.say('bob', 'alice', `m${n}`);
  const view = alice.messages.window(id);
  await world.clock.advance(0);
  const asked = () =>
    world.server.received
      .filter((r) => r.type === 'message.changes')
      .map(({ data }) => ({ ...data, conversation_id: undefined }));
  /** A change by somebody without a client. */
  const by = (who: string, type: string, seq: number, data: object = {}) =>
    world.server.asUser(who, `message.${type}`, { conversation_id: id, seq, ...data });
  const edit = (seq: number, text: string) => by('bob', 'edit', seq, { content: { text: { text } } });
  const tablet = async (options: Partial<ClientOptions> = {}): Promise<Client> => {
    const client = world.client(options);
    await client.login({ account: 'alice', password: 'correct horse' });
    await world.clock.advance(0);
    return client;
  };
  return { world, vault, store, alice, id, view, asked, by, edit, tablet };
}

/** The row of a seq. */
export const at = (rows: readonly Row[], seq: number): Row | undefined => rows.find((row) => row.seq === seq);

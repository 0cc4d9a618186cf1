import type { Ledger, Sent } from './ledger.ts';
import type { Replica } from './replica.ts';
import { countable, type Story, type Truth } from './truth.ts';
import { personal, shared, type State } from './wire.ts';

// What must hold once everything is quiet. Each function answers what is wrong, in words.

/** What the server has against what it promised, and against itself. */
export function judgeServer(ledger: Ledger, truths: readonly Truth[]): string[] {
  const found: string[] = [];
  const conversations = new Set(truths.flatMap((truth) => [...truth.stories.keys()]));
  for (const conversation of conversations) {
    const views = truths.flatMap(({ person, stories }) => {
      const story = stories.get(conversation);
      return story === undefined ? [] : [{ user: person.userId, story }];
    });
    const whole = longest(views.map(({ story }) => story));
    const wrong = [
      ...judgeNumbers(whole),
      ...judgePromises(ledger, conversation, whole.messages),
      ...judgeOrder(ledger, conversation, whole.messages),
      ...views.flatMap(({ user, story }) => judgeView(ledger, user, story, whole)),
      ...judgePeers(views),
    ];
    found.push(...wrong.map((what) => `conversation ${conversation}: ${what}`));
  }
  return found;
}

/** What a device holds against what its person may see. */
export function judgeDevice(replicas: ReadonlyMap<string, Replica>, truth: Truth): string[] {
  const found: string[] = [];
  for (const [conversation, { view, messages }] of truth.stories) {
    const held = replicas.get(conversation);
    const differ = (what: string, mine: unknown, server: unknown) => {
      if (mine !== server)
        found.push(`${conversation}: ${what} is ${String(mine)}, on the server ${String(server)}`);
    };
    differ('held', held !== undefined, true);
    if (held === undefined) continue;
    differ('seq', held.seq, view.seq);
    differ('change', held.change, view.change);
    differ('read_seq', held.readSeq, view.read_seq);
    if (view.peer_read_seq !== undefined) differ('peer_read_seq', held.peerReadSeq, view.peer_read_seq);
    differ('unread', held.unread(countable), view.unread);
    differ('number of messages', held.messages.size, messages.length);
    for (const message of messages) {
      const mine = held.messages.get(message.seq);
      differ(`message ${message.seq}`, mine && personal(mine), personal(message));
    }
  }
  for (const conversation of replicas.keys()) {
    if (!truth.stories.has(conversation)) found.push(`${conversation}: held, and not on the server`);
  }
  return found;
}

function longest(stories: readonly Story[]): Story {
  return stories.reduce((best, story) => (story.messages.length > best.messages.length ? story : best));
}

/** Dense seqs, ids once, time that never falls, changes once each and up to the head. */
function judgeNumbers({ view, messages }: Story): string[] {
  const found: string[] = [];
  messages.forEach((message, i) => {
    if (message.seq !== i + 1) found.push(`seq ${message.seq} where ${i + 1} belongs`);
    const before = messages[i - 1];
    if (before !== undefined && message.time_ms < before.time_ms)
      found.push(`time falls at seq ${message.seq}`);
  });
  if (view.seq !== messages.length) found.push(`the head is ${view.seq}, the history has ${messages.length}`);
  if (new Set(messages.map((message) => message.message_id)).size < messages.length)
    found.push('a message_id twice');
  const changes = messages.map((message) => message.change).filter((change) => change > 0);
  if (new Set(changes).size < changes.length) found.push('a change twice');
  const newest = Math.max(0, ...changes);
  if (view.change !== newest)
    found.push(`the head of changes is ${view.change}, the newest change ${newest}`);
  const last = view.last_message;
  const end = messages.at(-1);
  if ((last && shared(last)) !== (end && shared(end))) found.push('last_message is not the last message');
  return found;
}

/** Each acked send once and where it was promised, nothing that was refused, nothing nobody sent. */
function judgePromises(ledger: Ledger, conversation: string, messages: readonly State[]): string[] {
  const found: string[] = [];
  const places = new Map<Sent, number>();
  for (const message of messages.filter(countable)) {
    const id = `${message.sender_id} ${message.client_msg_id}`;
    const sent = ledger.sent.get(id);
    if (sent?.conversation !== conversation) {
      found.push(`nobody has sent ${id}`);
      continue;
    }
    if (places.has(sent)) found.push(`${id} stands at ${places.get(sent) ?? 0} and at ${message.seq}`);
    places.set(sent, message.seq);
    if (sent.ack === undefined) found.push(`${id} stands at ${message.seq} and was never acked`);
    else if (sent.ack.seq !== message.seq)
      found.push(`${id} was acked as ${sent.ack.seq}, stands at ${message.seq}`);
    else if (sent.ack.message_id !== message.message_id || sent.ack.time_ms !== message.time_ms) {
      found.push(`${id} has another id or time than its ack`);
    }
    if (message.change === 0 && message.content?.text?.text !== sent.content.text.text) {
      found.push(`the text of ${id} differs`);
    }
  }
  for (const sent of ledger.sent.values()) {
    if (sent.conversation !== conversation) continue;
    if (sent.ack !== undefined && !places.has(sent))
      found.push(`${sent.clientMsgId} is lost, seq ${sent.ack.seq}`);
    if (sent.ack === undefined && sent.refused === undefined) found.push(`${sent.clientMsgId} has no answer`);
  }
  for (const message of messages) {
    if (message.change < ledger.promisedChange(conversation, message.seq)) {
      found.push(`seq ${message.seq} has change ${message.change}, promised was a later one`);
    }
    if (ledger.recalled.has(`${conversation} ${message.seq}`) && message.content !== undefined) {
      found.push(`seq ${message.seq} was recalled and has content`);
    }
  }
  return found;
}

/** What a device sent stands in the order it sent it in. */
function judgeOrder(ledger: Ledger, conversation: string, messages: readonly State[]): string[] {
  const found: string[] = [];
  const last = new Map<string, Sent>();
  for (const message of messages) {
    const sent = ledger.sent.get(`${message.sender_id} ${message.client_msg_id}`);
    if (sent?.conversation !== conversation || sent.overtaken === true) continue;
    const before = last.get(sent.lane);
    if (before !== undefined && before.order > sent.order) {
      found.push(`seq ${message.seq} was sent before what stands above it`);
    }
    last.set(sent.lane, sent);
  }
  return found;
}

/** One person's marks and counts, and that they see what everybody sees. */
function judgeView(ledger: Ledger, user: string, story: Story, whole: Story): string[] {
  const found: string[] = [];
  const { view, messages } = story;
  const mark = ledger.mark(user, view.conversation_id);
  if (view.read_seq < mark.acked)
    found.push(`the read mark of ${user} fell from ${mark.acked} to ${view.read_seq}`);
  if (view.read_seq > Math.max(mark.tried, view.joined_seq ?? 0)) {
    found.push(`the read mark of ${user} is ${view.read_seq}, nobody asked for more than ${mark.tried}`);
  }
  const unread = messages.filter(
    (message) => message.seq > view.read_seq && message.sender_id !== user && countable(message),
  ).length;
  if (view.unread !== unread) found.push(`${user} is told ${view.unread} unread, there are ${unread}`);
  const low = view.joined_seq ?? 1;
  const high = view.left_seq ?? view.seq;
  const expected = whole.messages.filter((message) => message.seq >= low && message.seq <= high);
  if (messages.map(shared).join('\n') !== expected.map(shared).join('\n')) {
    found.push(`${user} sees another history than others`);
  }
  return found;
}

/** In a 1:1 each sees the other's mark. */
function judgePeers(views: readonly { user: string; story: Story }[]): string[] {
  return views.flatMap(({ user, story: { view } }) => {
    if (view.type !== 'direct') return [];
    const peer = views.find((other) => other.user === view.peer_user_id)?.story.view;
    if (peer === undefined || view.peer_read_seq === peer.read_seq) return [];
    return [`${user} is told the other has read ${view.peer_read_seq ?? 0}, it is ${peer.read_seq}`];
  });
}

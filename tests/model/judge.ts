import type { Ledger, Sent } from './ledger.ts';
import type { Replica } from './replica.ts';
import { namedIn, type Stay, staysOf } from './members.ts';
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
    // Who was away all the time between a join and a leave is told nothing of it, except that it is over.
    const before = held?.leftSeq ?? 0;
    if (view.left_seq !== undefined && before < (messages[0]?.seq ?? Infinity)) continue;
    differ('held', held !== undefined, true);
    if (held === undefined) continue;
    differ('seq', held.seq, view.seq);
    differ('left_seq', held.leftSeq, view.left_seq);
    differ('number of messages', held.messages.size, messages.length);
    // What changed after a member had left did not come to them any more.
    if (view.left_seq !== undefined) continue;
    differ('change', held.change, view.change);
    differ('read_seq', held.readSeq, view.read_seq);
    if (view.peer_read_seq !== undefined) differ('peer_read_seq', held.peerReadSeq, view.peer_read_seq);
    differ('unread', held.unread(countable), view.unread);
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
    if (message.recalled === undefined && message.quote?.seq !== sent.quoteSeq) {
      found.push(`${id} answers ${message.quote?.seq ?? 'nothing'}, not ${sent.quoteSeq ?? 'nothing'}`);
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
  const { view, messages } = story;
  const stays = view.type === 'group' ? staysOf(user, whole.messages) : [{ joinedSeq: 1, leftSeq: Infinity }];
  const found = judgeRange(ledger, user, story, whole, stays);
  for (const { seq, reactions, mine } of messages) {
    const own = (reactions ?? []).filter((reaction) => reaction.user_ids.includes(user));
    const hidden = (reactions ?? []).some((reaction) => reaction.count > reaction.user_ids.length);
    const given = own.map(({ emoji }) => emoji).sort();
    if (!hidden && given.join() !== [...(mine ?? [])].sort().join())
      found.push(`own reactions of ${user} to seq ${seq}`);
  }
  if (story.pins !== undefined) {
    const pinned = messages.filter((message) => message.pinned === true).map(({ seq }) => seq);
    if ([...story.pins].sort((a, b) => a - b).join() !== pinned.join()) {
      found.push(`${user} is told the pins ${story.pins.join()}, pinned are ${pinned.join()}`);
    }
  }
  // A former member has nothing to count.
  if (view.left_seq !== undefined) return found;
  const mark = ledger.mark(user, view.conversation_id);
  if (view.read_seq < mark.acked)
    found.push(`the read mark of ${user} fell from ${mark.acked} to ${view.read_seq}`);
  const start = view.type === 'group' ? (stays.at(-1)?.joinedSeq ?? 0) : 0;
  if (view.read_seq > Math.max(mark.tried, start)) {
    found.push(`the read mark of ${user} is ${view.read_seq}, nobody asked for more than ${mark.tried}`);
  }
  const unread = messages.filter(
    (message) => message.seq > view.read_seq && message.sender_id !== user && countable(message),
  ).length;
  if (view.unread !== unread) found.push(`${user} is told ${view.unread} unread, there are ${unread}`);
  return found;
}

/** Nobody sees, or was ever shown, anything from before they came or after they went. */
function judgeRange(
  ledger: Ledger,
  user: string,
  story: Story,
  whole: Story,
  stays: readonly Stay[],
): string[] {
  const found: string[] = [];
  const { view, messages, members } = story;
  const now = stays.at(-1);
  if (now === undefined) return [`${user} sees a group they never were in`];
  const expected = whole.messages.filter(({ seq }) => seq >= now.joinedSeq && seq <= now.leftSeq);
  if (messages.map(shared).join('\n') !== expected.map(shared).join('\n')) {
    found.push(
      `${user} sees another history than others: ${rangeOf(messages)} instead of ${rangeOf(expected)}`,
    );
  }
  if ((view.left_seq ?? Infinity) !== now.leftSeq) {
    found.push(`${user} has left at ${now.leftSeq}, is shown ${view.left_seq ?? 'a present member'}`);
  }
  if (view.type === 'group' && view.left_seq === undefined && view.joined_seq !== now.joinedSeq) {
    found.push(`${user} has joined at ${now.joinedSeq}, is told ${view.joined_seq ?? 'nothing'}`);
  }
  for (const seq of ledger.seqsShown(user, view.conversation_id)) {
    if (!stays.some(({ joinedSeq, leftSeq }) => seq >= joinedSeq && seq <= leftSeq)) {
      found.push(`${user} was shown seq ${seq}, and was not in the group`);
    }
  }
  if (members !== undefined) {
    const all = new Set(whole.messages.flatMap(({ content }) => namedIn(content)));
    const present = [...all].filter((one) => staysOf(one, whole.messages).at(-1)?.leftSeq === Infinity);
    if (present.sort().join() !== [...members].sort().join()) {
      found.push(`the members are ${members.join()}, by the history ${present.join()}`);
    }
  }
  return found;
}

function rangeOf(messages: readonly State[]): string {
  return `${messages[0]?.seq ?? 0}..${messages.at(-1)?.seq ?? 0}`;
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

import type { Message, SendResponse } from '@hongyan/sdk';

/** A message somebody has tried to send, perhaps several times under the same id. */
export interface Sent {
  readonly clientMsgId: string;
  readonly text: string;
  /** Position among all messages of its lane. */
  readonly order: number;
  /** The server's promise, once it was heard. */
  ack?: SendResponse;
  /** Where a reader found it. */
  foundAt?: number;
  /** Changes that were asked for, and whether the server has promised them. */
  readonly changes: Partial<Record<ChangeKind, 'asked' | 'promised'>>;
}

/** What a writer does to messages of its own. */
export type ChangeKind = 'edit' | 'react' | 'recall';

export const REACTION = '👍';

/** The text after an edit. */
export function edited(text: string): string {
  return `${text} (edited)`;
}

/** What one person sends in one conversation, in order. */
export class Lane {
  readonly sender: string;
  readonly conversation: string;
  /** All messages ever tried. */
  readonly sent: Sent[] = [];
  private readonly byId = new Map<string, Sent>();
  private unconfirmed: Sent[] = [];

  constructor(sender: string, conversation: string) {
    this.sender = sender;
    this.conversation = conversation;
  }

  /** Tried, without an answer so far, oldest first. */
  get pending(): readonly Sent[] {
    return this.unconfirmed;
  }

  add(clientMsgId: string): Sent {
    const order = this.sent.length;
    const message: Sent = {
      clientMsgId,
      text: `${order} of ${this.sender}: ${'x'.repeat(order % 400)}`,
      order,
      changes: {},
    };
    this.sent.push(message);
    this.unconfirmed.push(message);
    this.byId.set(clientMsgId, message);
    return message;
  }

  confirm(message: Sent, ack: SendResponse): void {
    message.ack = ack;
    this.unconfirmed = this.unconfirmed.filter((one) => one !== message);
  }

  find(clientMsgId: string): Sent | undefined {
    return this.byId.get(clientMsgId);
  }
}

/** Everything that was promised to the writers, and what became of it. Owned by one run. */
export class Ledger {
  readonly lanes: Lane[] = [];
  /** Judges lines of the server's own: answers what is wrong. Without it there must be none. */
  line?: (message: Message) => string | undefined;
  lost = 0;
  doubled = 0;
  reordered = 0;
  /** What is wrong, in words; only the first ones. */
  readonly problems: string[] = [];
  /** Seqs up to here have been checked, by conversation. */
  private readonly checked = new Map<string, number>();
  /** Read marks that were confirmed, by person and conversation. */
  private readonly marks = new Map<string, number>();

  get acked(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.sent.length - lane.pending.length, 0);
  }

  /** Changes of messages that were promised. */
  get changed(): number {
    const promised = (sent: Sent) =>
      Object.values(sent.changes).filter((state) => state === 'promised').length;
    return this.lanes.reduce(
      (sum, lane) => sum + lane.sent.reduce((more, sent) => more + promised(sent), 0),
      0,
    );
  }

  get clean(): boolean {
    return this.lost + this.doubled + this.reordered === 0;
  }

  lane(sender: string, conversation: string): Lane {
    let lane = this.lanes.find((one) => one.sender === sender && one.conversation === conversation);
    if (lane === undefined) {
      lane = new Lane(sender, conversation);
      this.lanes.push(lane);
    }
    return lane;
  }

  /** An `ok` to a send. A repeat must give the first answer again. */
  acknowledged(lane: Lane, message: Sent, ack: SendResponse): void {
    const first = message.ack;
    if (first !== undefined) {
      const same =
        first.seq === ack.seq && first.message_id === ack.message_id && first.time_ms === ack.time_ms;
      if (!same)
        this.complain('doubled', `${message.clientMsgId} was acked as ${first.seq}, then as ${ack.seq}`);
      return;
    }
    if (message.foundAt !== undefined && message.foundAt !== ack.seq) {
      this.complain(
        'doubled',
        `${message.clientMsgId} stood at ${message.foundAt}, its retry was acked as ${ack.seq}`,
      );
    }
    lane.confirm(message, ack);
  }

  marked(person: string, conversation: string, seq: number): void {
    this.marks.set(`${person} ${conversation}`, seq);
  }

  checkMark(person: string, conversation: string, seq: number): void {
    const promised = this.marks.get(`${person} ${conversation}`) ?? 0;
    if (seq < promised) this.complain('lost', `a read mark fell from ${promised} to ${seq}`);
  }

  /** From which seq on `check` wants the messages of a conversation. */
  checkedUpTo(conversation: string): number {
    return this.checked.get(conversation) ?? 0;
  }

  /** Forgets what has been checked, so that the next check is of everything. */
  startOver(): void {
    this.checked.clear();
    for (const lane of this.lanes) for (const message of lane.sent) delete message.foundAt;
  }

  /** Compares all messages above `checkedUpTo` with what was promised. */
  check(conversation: string, messages: readonly Message[]): void {
    const lanes = this.lanes.filter((lane) => lane.conversation === conversation);
    const from = this.checkedUpTo(conversation);
    messages.forEach((message, i) => {
      if (message.seq !== from + i + 1)
        this.complain('reordered', `seq ${message.seq} where ${from + i + 1} belongs`);
      if (message.sender_id === undefined && this.line !== undefined) {
        const wrong = this.line(message);
        if (wrong !== undefined) this.complain('doubled', wrong);
        return;
      }
      const lane = lanes.find((one) => one.sender === message.sender_id);
      const sent = lane?.find(message.client_msg_id);
      if (sent === undefined) this.complain('doubled', `nobody has sent ${message.client_msg_id}`);
      else this.checkOne(sent, message);
    });
    for (const lane of lanes) this.checkLane(lane, from);
    this.checked.set(conversation, from + messages.length);
  }

  private checkOne(sent: Sent, message: Message): void {
    if (sent.foundAt !== undefined) {
      this.complain('doubled', `${sent.clientMsgId} stands at ${sent.foundAt} and at ${message.seq}`);
    }
    sent.foundAt = message.seq;
    this.checkState(sent, message);
    if (
      sent.ack !== undefined &&
      (sent.ack.seq !== message.seq || sent.ack.message_id !== message.message_id)
    ) {
      this.complain(
        'reordered',
        `${sent.clientMsgId} was acked as ${sent.ack.seq} and stands at ${message.seq}`,
      );
    }
  }

  /** What was promised has happened, and nothing has that was not asked for. */
  private checkState(sent: Sent, message: Message): void {
    const { edit, react, recall } = sent.changes;
    const recalled = message.recalled !== undefined;
    const reacted = message.reactions?.some(({ emoji }) => emoji === REACTION) ?? false;
    const text = message.content?.text?.text;
    const texts = [...(edit === 'promised' ? [] : [sent.text]), ...(edit ? [edited(sent.text)] : [])];
    if (recalled ? recall === undefined : recall === 'promised')
      this.complain('lost', `recall of ${sent.clientMsgId}`);
    if (recalled ? text !== undefined : text === undefined || !texts.includes(text)) {
      this.complain('lost', `the text of ${sent.clientMsgId}`);
    }
    if (!recalled && (reacted ? react === undefined : react === 'promised')) {
      this.complain('lost', `the reaction to ${sent.clientMsgId}`);
    }
    if (reacted && (message.reactions?.[0]?.count ?? 0) !== 1) {
      this.complain('doubled', `the reaction to ${sent.clientMsgId}`);
    }
  }

  /** All that was promised is there, and stands in the order it was sent in. */
  private checkLane(lane: Lane, from: number): void {
    let last = 0;
    for (const sent of lane.sent) {
      const seq = sent.foundAt;
      if (seq === undefined) {
        if (sent.ack !== undefined && sent.ack.seq > from)
          this.complain('lost', `${sent.clientMsgId}, seq ${sent.ack.seq}`);
        continue;
      }
      if (seq < last)
        this.complain('reordered', `${sent.clientMsgId} at ${seq} stands before an earlier one at ${last}`);
      last = seq;
    }
  }

  complain(kind: 'lost' | 'doubled' | 'reordered', what: string): void {
    this[kind] += 1;
    if (this.problems.length < 20) this.problems.push(`${kind}: ${what}`);
  }
}

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
    if (message.content?.text?.text !== sent.text) this.complain('lost', `the text of ${sent.clientMsgId}`);
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

  private complain(kind: 'lost' | 'doubled' | 'reordered', what: string): void {
    this[kind] += 1;
    if (this.problems.length < 20) this.problems.push(`${kind}: ${what}`);
  }
}

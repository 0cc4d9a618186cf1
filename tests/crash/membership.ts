import type { Message } from '@hongyan/sdk';

import { type Base, type Person } from '../e2e/support/people.ts';
import { codeOf, membersOf } from '../e2e/support/groups.ts';
import { Socket } from '../e2e/support/socket.ts';

/**
 * Somebody who is brought into a group and put out of it again, as fast as the answers come, until the server dies; and
 * what the group's history must say of it: each change once, in order, none that was promised left out.
 */
export class Membership {
  readonly group: string;
  private readonly owner: Person;
  private readonly guest: Person;
  private inside = false;
  /** The last wish has no answer yet. */
  private open = false;
  private promised = 0;
  /** Lines of the history so far, and what the last one made of the guest. */
  private told = 0;
  private toldInside = false;

  constructor(group: string, owner: Person, guest: Person) {
    this.group = group;
    this.owner = owner;
    this.guest = guest;
  }

  get changes(): number {
    return this.promised;
  }

  connect(base: string): Promise<Socket> {
    return Socket.ready(base, this.owner.access);
  }

  /** Changes until the connection is lost. */
  async stream(socket: Socket): Promise<void> {
    for (;;) {
      const wish = !this.inside;
      this.open = true;
      const answer = await socket.request(...this.request(wish)).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.type !== 'ok') throw new Error(`a member change was refused: ${JSON.stringify(answer)}`);
      this.promised += 1;
      this.inside = wish;
      this.open = false;
    }
  }

  /** A line of the server's own in the group's history; answers what is wrong with it. */
  line(message: Message): string | undefined {
    const code = codeOf(message);
    if (code === 'group_created') return undefined;
    const inside = code === 'member_added';
    if (!inside && code !== 'member_removed') return `a line ${code} at ${message.seq}`;
    this.told += 1;
    const again = inside === this.toldInside;
    this.toldInside = inside;
    return again ? `${code} stands twice, at ${message.seq}` : undefined;
  }

  /** Forgets the lines, so that all of them can be told again. */
  startOver(): void {
    this.told = 0;
    this.toldInside = false;
  }

  /** After a restart, with the history read: answers what is wrong. */
  async check(server: Base): Promise<string | undefined> {
    const members = await membersOf(server, this.owner, this.group);
    const inside = members.some((member) => member.user_id === this.guest.userId);
    if (!this.open && inside !== this.inside)
      return `the guest is ${inside ? 'in' : 'out'}, promised was the other`;
    if (inside !== this.toldInside)
      return `the guest is ${inside ? 'in' : 'out'}, the history says the other`;
    // What had no answer has happened or it has not; from here on it is settled.
    if (this.open && inside !== this.inside) this.promised += 1;
    this.open = false;
    this.inside = inside;
    if (this.told !== this.promised) return `${this.told} lines for ${this.promised} changes`;
    return undefined;
  }

  private request(wish: boolean): [string, object] {
    const group_id = this.group;
    const user = this.guest.userId;
    return wish
      ? ['group.add_members', { group_id, user_ids: [user] }]
      : ['group.remove_member', { group_id, user_id: user }];
  }
}

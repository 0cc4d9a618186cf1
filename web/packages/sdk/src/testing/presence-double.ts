import { type JsonObject, stringAt, stringsAt } from '../json.ts';
import type { Presence } from '../types.ts';

export interface PresenceDoubleHost {
  readonly now: () => number;
  readonly members: (conversation: string) => ReadonlySet<string>;
  /** Pushes to every socket of a user. */
  readonly push: (userId: string, type: string, data: object) => void;
}

/** A socket that can be told of people. */
interface Follower {
  readonly send: (frame: string) => void;
}

/** For how long others are shown that somebody types. */
const TYPING_MS = 6_000;

/** Who is here and who types, in memory: part of ServerDouble. Tests say who comes and goes. */
export class PresenceDouble {
  private readonly host: PresenceDoubleHost;
  private readonly standing = new Map<string, Presence>();
  private readonly followed = new Map<Follower, readonly string[]>();

  constructor(host: PresenceDoubleHost) {
    this.host = host;
  }

  /** Somebody comes or goes: those who follow them are told. */
  set(presence: Presence): void {
    this.standing.set(presence.user_id, presence);
    for (const [socket, people] of this.followed) {
      if (people.includes(presence.user_id))
        socket.send(JSON.stringify({ type: 'presence', data: { items: [presence] } }));
    }
  }

  /** Undefined for everything but the rpc that begins to follow. */
  subscribe(type: string, data: JsonObject, socket: Follower): object | undefined {
    if (type !== 'presence.subscribe') return undefined;
    const people = stringsAt(data, 'user_ids');
    this.followed.set(socket, people);
    return { items: people.flatMap((id) => this.standing.get(id) ?? []) };
  }

  gone(socket: Follower): void {
    this.followed.delete(socket);
  }

  /** Undefined for rpcs that are none of these. */
  rpc(type: string, data: JsonObject, me: string): object | undefined {
    if (type === 'group.presence') {
      const members = [...this.host.members(stringAt(data, 'group_id'))];
      const here = members.filter((id) => this.standing.get(id)?.state === 'online');
      return { online_count: here.length, user_ids: here };
    }
    if (type !== 'typing.set') return undefined;
    const conversation = stringAt(data, 'conversation_id');
    const until = this.host.now() + (data['typing'] === false ? 0 : TYPING_MS);
    for (const other of this.host.members(conversation)) {
      const push = { conversation_id: conversation, user_id: me, until_ms: until };
      if (other !== me) this.host.push(other, 'typing', push);
    }
    return {};
  }
}

import type { WebSocketLike } from '../transport/websocket.ts';
import type { Letter } from './letters.ts';
import type { SocketEvents } from './socket-events.ts';

/** A socket of a tab that does not lead: what goes over it goes over the leader's. Owned by Tabs. */
export class RelayedSocket implements WebSocketLike {
  readonly id: string;
  private readonly events: SocketEvents;
  private readonly post: (letter: Letter) => void;
  private leader: string | undefined;
  private over = false;

  constructor(id: string, events: SocketEvents, post: (letter: Letter) => void) {
    this.id = id;
    this.events = events;
    this.post = post;
    post({ kind: 'open', socket: id });
  }

  /** The leader has said something, be it no. */
  get answered(): boolean {
    return this.leader !== undefined || this.over;
  }

  addEventListener(type: string, listener: unknown): void {
    this.events.add(type, listener);
  }

  send(text: string): void {
    if (!this.over) this.post({ kind: 'request', socket: this.id, text });
  }

  close(): void {
    if (this.over) return;
    this.post({ kind: 'close', socket: this.id });
    this.end(1000);
  }

  /** From the leader. */
  take(letter: Letter): void {
    if (this.over) return;
    switch (letter.kind) {
      case 'opened':
        if (letter.socket !== this.id) return;
        this.leader = letter.leader;
        this.events.opened();
        return;
      case 'answer':
        if (letter.socket === this.id) this.events.message(letter.text);
        return;
      case 'push':
        if (this.leader !== undefined) this.events.message(letter.text);
        return;
      case 'closed':
        if (letter.socket === undefined || letter.socket === this.id) this.end(letter.code);
        return;
      case 'leads':
        // Another one than before: nobody will answer what was asked of that.
        if (letter.leader !== this.leader) this.end(1006);
        return;
      default:
    }
  }

  end(code: number): void {
    if (this.over) return;
    this.over = true;
    this.events.closed(code);
  }
}

type Listener = (event: { data: unknown; code: number }) => void;

/** The listeners of a socket that is none of the platform's own. */
export class SocketEvents {
  private readonly listeners = new Map<string, Listener[]>();

  add(type: string, listener: unknown): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener as Listener]);
  }

  opened(): void {
    this.tell('open');
  }

  message(text: string): void {
    this.tell('message', { data: text, code: 0 });
  }

  closed(code: number): void {
    this.tell('close', { data: undefined, code });
  }

  private tell(type: string, event: { data: unknown; code: number } = { data: undefined, code: 0 }): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }
}

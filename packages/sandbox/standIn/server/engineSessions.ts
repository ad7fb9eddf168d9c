/** What one engine connection has set up: the session behind its provider, and a way to stop its work. */
export interface EngineSession<Session> {
  readonly session: Session;
  readonly acceptsSecrets: boolean;
  readonly cancellation: AbortController;
}

/** How many connections are remembered; an engine opens one per provider and never comes back to an old one. */
const remembered = 64;

/**
 * The sessions of a stand-in, one per connection. A real plugin is one process per provider; a stand-in
 * serves the default provider and explicit ones of one program, and one command after another, on one port.
 */
export class EngineSessions<Session> {
  private readonly byPeer = new Map<string, EngineSession<Session>>();

  /** Sets the session of the connection `peer`, in place of any earlier one. */
  set(peer: string, session: EngineSession<Session>): void {
    this.byPeer.delete(peer);
    this.byPeer.set(peer, session);
    for (const oldest of this.byPeer.keys()) {
      if (this.byPeer.size <= remembered) break;
      this.byPeer.delete(oldest);
    }
  }

  /** The session of the connection; an engine that had to reconnect gets the newest one. Undefined before Configure. */
  get(peer: string): EngineSession<Session> | undefined {
    return this.byPeer.get(peer) ?? [...this.byPeer.values()].at(-1);
  }

  /** Stops the work of one connection, and lets later operations of it start afresh. */
  cancel(peer: string): void {
    const session = this.byPeer.get(peer);
    if (session === undefined) return;
    session.cancellation.abort();
    this.byPeer.set(peer, { ...session, cancellation: new AbortController() });
  }

  /** Stops all work for good. */
  cancelAll(): void {
    for (const { cancellation } of this.byPeer.values()) cancellation.abort();
    this.byPeer.clear();
  }
}

import { EngineLog } from "./engineLog";

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
  private readonly logs = new Map<string, EngineLog>();

  /** Notes where the engine of a connection can be reached. */
  attach(peer: string, engineAddress: string): void {
    if (this.logs.has(peer) || engineAddress === "") return;
    this.logs.set(peer, new EngineLog(engineAddress));
    trim(this.logs, (log) => log.close());
  }

  /** The log of the connection's engine; undefined where the engine has not said its address. */
  log(peer: string): EngineLog | undefined {
    return this.logs.get(peer);
  }

  /** Sets the session of the connection `peer`, in place of any earlier one. */
  set(peer: string, session: EngineSession<Session>): void {
    this.byPeer.delete(peer);
    this.byPeer.set(peer, session);
    trim(this.byPeer);
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
    for (const log of this.logs.values()) log.close();
    this.logs.clear();
  }
}

/** Forgets the oldest connections beyond those that are remembered. */
function trim<Value>(byPeer: Map<string, Value>, forget?: (value: Value) => void): void {
  for (const [oldest, value] of byPeer) {
    if (byPeer.size <= remembered) break;
    byPeer.delete(oldest);
    forget?.(value);
  }
}

import { withSession, type Session, type SessionOptions } from "../../packages/sandbox/runner/session";

/** A sandbox that stays up between tests. */
export interface HeldSession {
  readonly session: Session;
  /** Ends everything that was started for it. */
  readonly release: () => Promise<void>;
}

/**
 * Starts a sandbox and keeps it until it is released.
 *
 * @param checkConfig whether its configuration must be right.
 */
export async function holdSession(options: SessionOptions, checkConfig = true): Promise<HeldSession> {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let whole: Promise<void> = Promise.resolve();
  const session = await new Promise<Session>((resolve, reject) => {
    whole = withSession(options, checkConfig, async (running) => {
      resolve(running);
      await released;
    });
    whole.catch(reject);
  });
  return {
    session,
    release() {
      letGo();
      return whole;
    },
  };
}

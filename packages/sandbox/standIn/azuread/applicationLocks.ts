/**
 * One lock per application, by object id: changes of one application and of its credentials happen strictly
 * one after another, those of different applications side by side. The real plugin has the same lock, one
 * set per process.
 */
export class ApplicationLocks {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs the work when everything that asked before it for the same application has ended, well or not. */
  async run<Result>(applicationId: string, work: () => Promise<Result>): Promise<Result> {
    const previous = this.last.get(applicationId) ?? Promise.resolve();
    const mine = previous.then(work, work);
    this.last.set(applicationId, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(applicationId) === mine) this.last.delete(applicationId);
    }
  }
}

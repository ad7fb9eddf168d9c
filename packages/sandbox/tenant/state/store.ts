import { changedSnapshot, type Directory, openDirectory, type Snapshot } from "./directory";

/** Makes a snapshot durable; resolves only when it is. */
export type Persist = (snapshot: Snapshot) => Promise<void>;

/**
 * The tenant's state. Readers see the last committed snapshot; writers run one after another, each on its own draft, and their
 * changes are durable before anybody sees them.
 */
export class Store {
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private committed: Snapshot,
    private readonly persist: Persist,
  ) {}

  read(): Directory {
    return openDirectory(this.committed, false);
  }

  write<T>(work: (draft: Directory) => Promise<T>): Promise<T> {
    const result = this.queue.then(async () => {
      const draft = openDirectory(this.committed, true);
      const value = await work(draft);
      const next = changedSnapshot(draft);
      if (next !== undefined) {
        await this.persist(next);
        this.committed = next;
      }
      return value;
    });
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every write that was asked for so far is finished. */
  async settled(): Promise<void> {
    await this.queue;
  }
}

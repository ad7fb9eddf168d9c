import type { RecordedResource } from "./recording";
import type { StateResource } from "./deployment";

const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/**
 * Which id of a live tenant stands where in the recordings another one stands. Learnt from states of the
 * same program: the ids at the same place of the same resource belong together.
 */
export class IdTranslation {
  private readonly recordedByLive = new Map<string, string>();

  /** @throws Error when one live id would stand for two recorded ones */
  learn(live: readonly StateResource[], recorded: readonly RecordedResource[]): void {
    for (const resource of recorded) {
      const counterpart = live.find(({ type }) => type === resource.type);
      if (counterpart === undefined) throw new Error(`the state has no ${resource.type}`);
      this.learnValue(
        { id: counterpart.id, ...counterpart.outputs },
        { id: resource.id, ...resource.outputs },
      );
    }
  }

  /** The text with recorded ids in place of live ones. */
  translate(text: string): string {
    return [...this.recordedByLive].reduce(
      (result, [live, recorded]) => result.replaceAll(live, recorded),
      text,
    );
  }

  private learnValue(live: unknown, recorded: unknown): void {
    if (typeof live === "string" && typeof recorded === "string") this.learnText(live, recorded);
    else if (typeof live === "object" && live !== null && typeof recorded === "object" && recorded !== null) {
      const entries = live as Readonly<Record<string, unknown>>;
      for (const [name, value] of Object.entries(recorded)) this.learnValue(entries[name], value);
    }
  }

  private learnText(live: string, recorded: string): void {
    // the ids of consents and role assignments are no GUIDs
    const parts = (text: string): string[] =>
      text.startsWith("/") ? text.split("/") : (text.match(guid) ?? []);
    const theirs = parts(recorded);
    parts(live).forEach((id, index) => {
      const other = theirs[index];
      if (other === undefined || other === id) return;
      const known = this.recordedByLive.get(id);
      if (known !== undefined && known !== other)
        throw new Error(`${id} stands for both ${known} and ${other}`);
      this.recordedByLive.set(id, other);
    });
  }
}

import type { EngineEvent } from "@pulumi/pulumi/automation";

/** What an operation did or would do to a resource, as the engine tells it. */
export interface ResourceStep {
  readonly op: string;
  /** The last part of the type token. */
  readonly type: string;
  /** By property path: `add`, `update-replace` … */
  readonly changes: Readonly<Record<string, string>>;
}

/** Collects what an operation does; give `onEvent` to it. */
export class EngineEvents {
  private readonly collected: ResourceStep[] = [];

  readonly onEvent = (event: EngineEvent): void => {
    // a refresh knows the differences only at its end
    const metadata = event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
    if (metadata === undefined || metadata.type.startsWith("pulumi:")) return;
    const changes = Object.entries(metadata.detailedDiff ?? {}).map(([path, { diffKind }]) => [
      path,
      String(diffKind),
    ]);
    this.collected.push({
      op: metadata.op,
      type: metadata.type.split(":").at(-1) ?? "",
      changes: Object.fromEntries(changes) as Record<string, string>,
    });
  };

  /** Steps that are more than a look, one per resource and operation. */
  steps(): ResourceStep[] {
    const wanted = this.collected.filter(
      ({ op, changes }) => op !== "same" && (op !== "refresh" || Object.keys(changes).length > 0),
    );
    const byKey = new Map(wanted.map((step) => [`${step.op} ${step.type}`, step]));
    return [...byKey.values()];
  }
}

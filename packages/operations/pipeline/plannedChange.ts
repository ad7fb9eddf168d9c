import { z } from "zod";

/** A step that an update would take on one resource. */
export interface PlannedChange {
  /** `create`, `update`, `delete`, `replace` … as the engine names them. */
  readonly operation: string;
  /** Type token, such as `azuread:index/application:Application`. */
  readonly type: string;
  readonly urn: string;
}

const engineEvent = z.looseObject({
  resourcePreEvent: z
    .looseObject({
      metadata: z.looseObject({ op: z.string(), type: z.string(), urn: z.string() }),
    })
    .exactOptional(),
});

/** Steps that change nothing: what stays as it is, and the engine's own readings. */
const unchanging = new Set(["same", "read", "read-discard", "refresh"]);

/**
 * The changes in the event log of a preview (`--event-log`): one JSON document a line, in the form of
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go .
 *
 * @throws Error when a line is none of these documents
 */
export function changesOfPreview(eventLog: string): readonly PlannedChange[] {
  return eventLog
    .split("\n")
    .filter((line) => line.trim() !== "")
    .flatMap((line) => {
      const { resourcePreEvent } = engineEvent.parse(JSON.parse(line));
      const { op, type, urn } = resourcePreEvent?.metadata ?? { op: "same", type: "", urn: "" };
      return unchanging.has(op) ? [] : [{ operation: op, type, urn }];
    });
}

/** What a rotation changes: secrets, and where the current one is kept. */
const rotatingTypes = [
  "azuread:index/applicationPassword:ApplicationPassword",
  "azure-native:keyvault:Secret",
] as const;

/** Whether a rotation may be behind a change. */
export function isOfRotation({ type }: PlannedChange): boolean {
  return rotatingTypes.some((rotating) => rotating === type);
}

/** Patterns of URNs by which an update is limited to what a rotation changes. */
export const rotationTargets = rotatingTypes.map((type) => `**${type}::**`);

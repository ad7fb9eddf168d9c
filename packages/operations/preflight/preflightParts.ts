import type { CloudClient } from "../cloud/cloudClient";
import type { LiveReader } from "../cloud/liveReader";
import type { Console } from "../console/console";
import type { StackDeclaration } from "../project/declaration";
import type { Obstacle, Unread } from "./preflightReport";

/** What every part of preflight works with. */
export interface PreflightParts {
  readonly declaration: StackDeclaration;
  /** Name of the Pulumi project. */
  readonly project: string;
  readonly cloud: CloudClient;
  readonly reader: LiveReader;
  readonly console: Console;
  /** Object id of the deploying identity. */
  readonly identity: string;
  /** Subscription that the azure-native provider works in, when it is known. */
  readonly subscriptionId: string | undefined;
}

/** What one part has found. */
export interface Found {
  readonly obstacles?: readonly Obstacle[];
  readonly unread?: readonly Unread[];
  readonly notes?: readonly string[];
}

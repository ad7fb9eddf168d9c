import { z } from "zod";
import { calls } from "../cloud/calls";
import { CoverageLog } from "../cloud/coverage";
import { LiveReader } from "../cloud/liveReader";
import { credentialObstacles } from "./credentialObstacles";
import { existingObstacles } from "./existingObstacles";
import { federatedObstacles } from "./federatedObstacles";
import { identityObstacles } from "./identityObstacles";
import { nameObstacles } from "./nameObstacles";
import { ownerObstacles } from "./ownerObstacles";
import { plannedChanges } from "./plannedChanges";
import type { Found, PreflightParts } from "./preflightParts";
import { type PreflightReport, type Unread, unreadOf } from "./preflightReport";
import { quotaObstacles } from "./quotaObstacles";
import { rightObstacles } from "./rightObstacles";
import { vaultObstacles } from "./vaultObstacles";

const principal = z.object({ id: z.string() });

/**
 * Finds everything that the tenant and the key vaults would refuse of the next `pulumi up`, all at once. Reads only, and only what is
 * about to change.
 */
export async function preflight(parts: Omit<PreflightParts, "reader">): Promise<PreflightReport> {
  const { declaration, cloud, identity } = parts;
  const coverage = new CoverageLog();
  const reader = new LiveReader(cloud, coverage);
  const all = { ...parts, reader };
  const planned = plannedChanges(declaration);
  const changing = planned.filter(({ requests }) => requests.length > 0);
  const isPrincipal =
    changing.length === 0 ||
    (await reader.oneIfThere(calls.servicePrincipal, principal, null, { servicePrincipalId: identity }))
      ?.value !== "absent";
  const found: readonly Found[] = await Promise.all([
    credentialObstacles(all, planned),
    nameObstacles(all, changing),
    quotaObstacles(all, changing, isPrincipal),
    existingObstacles(all, changing),
    identityObstacles(all, changing),
    ownerObstacles(all, changing),
    vaultObstacles(all, changing),
    isPrincipal ? rightObstacles(all, changing) : Promise.resolve(personsRights(identity)),
  ]);
  const obstacles = [...found.flatMap((one) => one.obstacles ?? []), ...federatedObstacles(changing)];
  const unread = [
    ...found.flatMap((one) => one.unread ?? []),
    ...distinct(coverage.result().gaps.map(unreadOf)),
  ];
  return {
    version: 1,
    stack: declaration.stack,
    identity,
    verdict: unread.length > 0 ? "incomplete" : obstacles.length > 0 ? "obstacles" : "clear",
    changing: changing.map(({ name }) => name),
    obstacles,
    unread,
    notes: found.flatMap((one) => one.notes ?? []),
  };
}

/** The rights of people come from directory roles and may be limited by conditions, which is not worked out here. */
function personsRights(identity: string): Found {
  return {
    unread: [
      {
        what: `The rights of ${identity} are unknown: it is not a service principal of this tenant.`,
        cure: "Name the service principal that deploys, with --identity <object id>; for a person, only pulumi up can tell.",
      },
    ],
  };
}

function distinct(unread: readonly Unread[]): readonly Unread[] {
  return [...new Map(unread.map((one) => [JSON.stringify(one), one])).values()];
}

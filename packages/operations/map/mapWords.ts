import type { EstateMap, MapAccess, MapCredential, MapStanding } from "./estateMap";

/** A credential in words. */
export function credentialWords({ kind, name, place }: MapCredential): string {
  if (kind === "managed identity") return `${kind} ${name}`;
  const what = kind === "federated" ? "federated credential" : kind;
  return `${what} ${name}${place === "application" ? "" : ", on the service principal"}`;
}

/** When a credential ends, in words. */
export function endWords({ endsAt, standing }: MapCredential): string {
  const end = endsAt === null ? "no end" : `ends ${endsAt.slice(0, 10)}`;
  return standing === "due" ? "not issued yet" : end;
}

/** What somebody may do, in words. */
export function accessWords({ kind, name }: MapAccess): string {
  return kind === "membership" ? name : `${kind}: ${name}`;
}

/** How many of a map's credentials and accesses have which standing, but for those that are declared. */
function standingCounts({ clients }: EstateMap): readonly (readonly [MapStanding, number])[] {
  const all = clients.flatMap(({ credentials, access }) => [...credentials, ...access]);
  return (["undeclared", "changed", "missing", "due"] as const).flatMap((standing) => {
    const count = all.filter((one) => one.standing === standing).length;
    return count === 0 ? [] : [[standing, count] as const];
  });
}

/** What a map shows, in one line. */
export function mapSummary(map: EstateMap): string {
  const counts = standingCounts(map).map(([standing, count]) => `${count} ${standing}`);
  return [
    ...(map.complete ? [] : ["Not everything could be read, so something may be missing here."]),
    counts.length === 0 ? "Everything here is declared." : `Not as declared: ${counts.join(", ")}.`,
  ].join(" ");
}

import type { ClientConfig } from "dicom-service-client/model";
import type { StackDeclaration } from "../project/declaration";

/** The owners that a client is configured to have besides the deploying identity: object ids in lower case. */
export function declaredOwners({ owners = [] }: Pick<ClientConfig, "owners">): readonly string[] {
  return owners.map((owner) => owner.toLowerCase());
}

/** Object id, in lower case, of the deploying identity: the configured one, or else whom an audit takes for it. */
export function deployerOf(declaration: StackDeclaration): string | undefined {
  return declaration.deployingIdentity?.toLowerCase() ?? presumedDeployer(declaration);
}

/**
 * Whom an audit takes for the deploying identity where the configuration names none: it is an owner of everything in the state, so
 * it is the one that is most often an owner without being declared. Undefined when there is no such one.
 */
export function presumedDeployer({ clients }: Pick<StackDeclaration, "clients">): string | undefined {
  const counts = new Map<string, number>();
  for (const { config, deployed } of clients) {
    if (config === undefined) continue;
    for (const one of [deployed?.application, deployed?.servicePrincipal]) {
      for (const owner of one?.owners ?? []) {
        if (declaredOwners(config).includes(owner)) continue;
        counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
    }
  }
  const most = Math.max(...counts.values());
  const [deployer, ...others] = [...counts].flatMap(([owner, count]) => (count === most ? [owner] : []));
  return others.length === 0 ? deployer : undefined;
}

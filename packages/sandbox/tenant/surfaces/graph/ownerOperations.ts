import { param, type Input } from "../../core/request";
import { getApplication, getServicePrincipal } from "../../domain/directoryObjects";
import { withOwner, ownersOf, referencedId, withoutOwner } from "../../domain/owners";
import type { Directory } from "../../state/directory";
import type { Services } from "../services";
import { directoryObjectType, memberView } from "./directoryObjectView";
import { readReference } from "./graphBody";
import type { GraphAccess } from "./graphAuthorization";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { collectionAnswer, noContent } from "./odataQuery";

interface OwnedKind {
  readonly segment: "applications" | "servicePrincipals";
  readonly parameter: "applicationId" | "servicePrincipalId";
  readonly addition: GraphAccess;
  readonly removal: GraphAccess;
  readonly find: (directory: Directory, input: Input) => { readonly ownerIds: readonly string[] };
  readonly change: (
    directory: Directory,
    input: Input,
    how: <T extends { readonly ownerIds: readonly string[] }>(item: T) => T,
  ) => void;
}

const kinds: readonly OwnedKind[] = [
  {
    segment: "applications",
    parameter: "applicationId",
    addition: graphAccess.addApplicationOwner,
    removal: graphAccess.changeApplicationSecrets,
    find: (directory, input) => getApplication(directory, param(input, "applicationId")),
    change(directory, input, how) {
      directory.applications.put(how(getApplication(directory, param(input, "applicationId"))));
    },
  },
  {
    segment: "servicePrincipals",
    parameter: "servicePrincipalId",
    addition: graphAccess.addServicePrincipalOwner,
    removal: graphAccess.changeServicePrincipal,
    find: (directory, input) => getServicePrincipal(directory, param(input, "servicePrincipalId")),
    change(directory, input, how) {
      directory.servicePrincipals.put(
        how(getServicePrincipal(directory, param(input, "servicePrincipalId"))),
      );
    },
  },
];

/** Owners of applications and service principals. */
export function ownerOperations(services: Services): readonly GraphOperation[] {
  return kinds.flatMap((kind) => operationsOf(kind, services));
}

function operationsOf(kind: OwnedKind, services: Services): readonly GraphOperation[] {
  const owners = `/{version}/${kind.segment}/{${kind.parameter}}/owners`;
  return [
    {
      id: `graph.${kind.segment}.owners.list`,
      method: "GET",
      path: owners,
      access: graphAccess.read,
      handle: (directory, input, caller) =>
        collectionAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          ownersOf(directory, kind.find(directory, input)),
          (owner) => memberView(directory, owner, services, caller),
        ),
    },
    {
      id: `graph.${kind.segment}.owners.add`,
      method: "POST",
      path: `${owners}/$ref`,
      access: kind.addition,
      handle(directory, input) {
        const owner = referencedId(readReference(input));
        kind.change(directory, input, (item) => withOwner(directory, item, owner));
        return noContent(input);
      },
    },
    {
      id: `graph.${kind.segment}.owners.remove`,
      method: "DELETE",
      path: `${owners}/{ownerId}/$ref`,
      access: kind.removal,
      handle(directory, input) {
        kind.change(directory, input, (item) => withoutOwner(item, param(input, "ownerId")));
        return noContent(input);
      },
    },
  ];
}

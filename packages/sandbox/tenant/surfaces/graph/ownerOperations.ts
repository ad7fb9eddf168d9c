import { param } from "../../core/request";
import { withOwner, ownersOf, referencedId, withoutOwner } from "../../domain/owners";
import type { ApplicationRecord, ServicePrincipalRecord } from "../../state/records";
import type { Services } from "../services";
import { directoryObjectType, memberView } from "./directoryObjectView";
import { readReference } from "./graphBody";
import type { GraphAccess } from "./graphAuthorization";
import { graphAccess, type GraphOperation } from "./graphOperation";
import { applicationKind, type ObjectKind, servicePrincipalKind } from "./objectKinds";
import { collectionAnswer, noContent } from "./odataQuery";

/** Owners of applications and service principals. */
export function ownerOperations(services: Services): readonly GraphOperation[] {
  return [
    ...operationsOf(services, applicationKind, {
      addition: graphAccess.addApplicationOwner,
      removal: graphAccess.changeApplicationSecrets,
    }),
    ...operationsOf(services, servicePrincipalKind, {
      addition: graphAccess.addServicePrincipalOwner,
      removal: graphAccess.changeServicePrincipal,
    }),
  ];
}

function operationsOf<Item extends ApplicationRecord | ServicePrincipalRecord>(
  services: Services,
  { segment, parameter, find, table }: ObjectKind<Item>,
  access: { readonly addition: GraphAccess; readonly removal: GraphAccess },
): readonly GraphOperation[] {
  const owners = `/{version}/${segment}/{${parameter}}/owners`;
  return [
    {
      id: `graph.${segment}.owners.list`,
      method: "GET",
      path: owners,
      access: graphAccess.read,
      handle: (directory, input, caller) =>
        collectionAnswer(
          input,
          "directoryObjects",
          directoryObjectType,
          ownersOf(directory, find(directory, input)),
          (owner) => memberView(directory, owner, services, caller),
        ),
    },
    {
      id: `graph.${segment}.owners.add`,
      method: "POST",
      path: `${owners}/$ref`,
      access: access.addition,
      handle(directory, input) {
        const owner = referencedId(readReference(input));
        table(directory).put(withOwner(directory, find(directory, input), owner));
        return noContent(input);
      },
    },
    {
      id: `graph.${segment}.owners.remove`,
      method: "DELETE",
      path: `${owners}/{ownerId}/$ref`,
      access: access.removal,
      handle(directory, input) {
        table(directory).put(withoutOwner(find(directory, input), param(input, "ownerId")));
        return noContent(input);
      },
    },
  ];
}

import { isGuid } from "../guid";
import type { Administrator } from "./administrator";
import { findUser } from "./directory";
import {
  type ActionParameter,
  clientArgument,
  describeHolder,
  type Holder,
  holderOf,
  onServicePrincipal,
  type PortalAction,
  requiredText,
} from "./portalAction";

/** Makes a user or a service principal an owner. */
export async function addOwner(
  administrator: Administrator,
  { kind, id }: Holder,
  ownerId: string,
): Promise<void> {
  await administrator.graph("POST", `${kind}/${id}/owners/$ref`, {
    "@odata.id": `${administrator.graphUrl}/v1.0/directoryObjects/${ownerId}`,
  });
}

/** Takes an owner away. */
async function removeOwner(
  administrator: Administrator,
  { kind, id }: Holder,
  ownerId: string,
): Promise<void> {
  await administrator.graph("DELETE", `${kind}/${id}/owners/${ownerId}/$ref`);
}

/** The id of who is to be an owner: a service principal by its object id, or a user. */
async function ownerIdOf(administrator: Administrator, wanted: string): Promise<string> {
  const principal = isGuid(wanted)
    ? await administrator.graph("GET", `servicePrincipals/${wanted}`)
    : undefined;
  return principal === undefined ? (await findUser(administrator, wanted)).id : wanted;
}

const ownerArgument: ActionParameter = {
  flags: "user",
  description: "user principal name or object id of the user, or object id of a service principal",
};

/** The actions of this file on the command line. */
export function ownerActions(): readonly PortalAction[] {
  return [
    {
      name: "add-owner",
      description: "make a user or a service principal an owner",
      arguments: [clientArgument, ownerArgument],
      options: [onServicePrincipal],
      example: "add-owner imaging-gateway imaging.owner@imagingsandbox.onmicrosoft.com",
      async run(portal, values) {
        const holder = await holderOf(portal, values);
        const id = await ownerIdOf(portal.administrator, requiredText(values, "user"));
        await addOwner(portal.administrator, holder, id);
        return [`Made ${id} an owner of ${describeHolder(holder)}.`];
      },
    },
    {
      name: "remove-owner",
      description: "remove an owner",
      arguments: [clientArgument, ownerArgument],
      options: [onServicePrincipal],
      example: "remove-owner imaging-gateway imaging.owner@imagingsandbox.onmicrosoft.com",
      async run(portal, values) {
        const holder = await holderOf(portal, values);
        const id = await ownerIdOf(portal.administrator, requiredText(values, "user"));
        await removeOwner(portal.administrator, holder, id);
        return [`${id} is not an owner of ${describeHolder(holder)} any more.`];
      },
    },
  ];
}

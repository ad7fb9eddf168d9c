import type { Administrator } from "./administrator";
import { findUser } from "./directory";
import {
  clientArgument,
  describeHolder,
  holderOf,
  onServicePrincipal,
  text,
  type ActionParameter,
  type Holder,
  type PortalAction,
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
export async function removeOwner(
  administrator: Administrator,
  { kind, id }: Holder,
  ownerId: string,
): Promise<void> {
  await administrator.graph("DELETE", `${kind}/${id}/owners/${ownerId}/$ref`);
}

const ownerArgument: ActionParameter = {
  flags: "user",
  description: "object id or user principal name of the user",
};

/** The actions of this file on the command line. */
export function ownerActions(): readonly PortalAction[] {
  return [
    {
      name: "add-owner",
      description: "make a user an owner",
      arguments: [clientArgument, ownerArgument],
      options: [onServicePrincipal],
      example: "add-owner imaging-gateway imaging.owner@imagingsandbox.onmicrosoft.com",
      async run(portal, values) {
        const holder = await holderOf(portal, values);
        const { id } = await findUser(portal.administrator, text(values, "user"));
        await addOwner(portal.administrator, holder, id);
        return [`Made the user ${id} an owner of ${describeHolder(holder)}.`];
      },
    },
    {
      name: "remove-owner",
      description: "take an owner away",
      arguments: [clientArgument, ownerArgument],
      options: [onServicePrincipal],
      example: "remove-owner imaging-gateway imaging.owner@imagingsandbox.onmicrosoft.com",
      async run(portal, values) {
        const holder = await holderOf(portal, values);
        const { id } = await findUser(portal.administrator, text(values, "user"));
        await removeOwner(portal.administrator, holder, id);
        return [`The user ${id} is not an owner of ${describeHolder(holder)} any more.`];
      },
    },
  ];
}

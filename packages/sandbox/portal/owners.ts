import { isGuid } from "../guid";
import type { Administrator } from "./administrator";
import { findUser } from "./directory";
import {
  type ActionParameter,
  clientArgument,
  describeHolder,
  type Holder,
  onServicePrincipal,
  type ActionDefinition,
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
export const ownerActions: readonly ActionDefinition[] = [
  {
    name: "add-owner",
    description: "make a user or a service principal an owner",
    arguments: [clientArgument, ownerArgument],
    options: [onServicePrincipal],
    example: "add-owner imaging-gateway imaging.owner@imagingsandbox.onmicrosoft.com",
    async run(given) {
      const holder = await given.holder();
      const id = await ownerIdOf(given.administrator, given.text("user"));
      await addOwner(given.administrator, holder, id);
      return [`Made ${id} an owner of ${describeHolder(holder)}.`];
    },
  },
  {
    name: "remove-owner",
    description: "remove an owner",
    arguments: [clientArgument, ownerArgument],
    options: [onServicePrincipal],
    example: "remove-owner imaging-gateway imaging.owner@imagingsandbox.onmicrosoft.com",
    async run(given) {
      const holder = await given.holder();
      const id = await ownerIdOf(given.administrator, given.text("user"));
      await given.administrator.graph("DELETE", `${holder.kind}/${holder.id}/owners/${id}/$ref`);
      return [`${id} is not an owner of ${describeHolder(holder)} any more.`];
    },
  },
];

import { isMapping } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { AdoptionTarget } from "./adoptionTarget";
import { clientNameOf } from "./clientName";
import type { RegisteredApplication } from "./liveRegistration";

/**
 * The name that a registration is taken over under: the one that is asked for, or the one that the state or the configuration has
 * for it already, or one that is made of its display name.
 *
 * @throws OperationError when the name is taken, or none can be made
 */
export function chooseName(
  { deployed, clients }: AdoptionTarget,
  { appId, displayName }: RegisteredApplication,
  wanted: string | undefined,
): string {
  const inState = deployed.find(({ clientId }) => clientId?.toLowerCase() === appId.toLowerCase())?.name;
  if (inState !== undefined) {
    if (wanted === undefined || wanted === inState) return inState;
    throw new OperationError(`The application is in the stack's state already, as the client ${inState}.`, {
      cure: `Omit --as, or write --as ${inState}. A client is renamed with formerNames.`,
    });
  }
  // Entra compares names without regard to case.
  const isNamed = (client: unknown): boolean =>
    isMapping(client) &&
    typeof client["displayName"] === "string" &&
    client["displayName"].toLowerCase() === displayName.toLowerCase();
  const isDeclared = ([, client]: [string, unknown]): boolean => isNamed(client);
  const name = wanted ?? Object.entries(clients).find(isDeclared)?.[0] ?? clientNameOf(displayName);
  if (name === undefined) {
    throw new OperationError(`No client name can be derived from ${JSON.stringify(displayName || appId)}.`, {
      cure: "Choose one with --as, such as --as imaging-gateway.",
    });
  }
  const other = deployed.find((client) => client.name === name && client.clientId !== undefined);
  if (other) {
    throw new OperationError(`The stack has another application as its client ${name} already.`, {
      cause: `Its client id is ${other.clientId ?? ""}, and that of the registration ${appId}.`,
      cure: "Choose another name with --as.",
    });
  }
  const declared = clients[name];
  if (wanted === undefined && isMapping(declared) && !isNamed(declared)) {
    throw new OperationError(`The stack declares a client ${name} already, for another application.`, {
      cure: "Choose another name with --as.",
    });
  }
  return name;
}

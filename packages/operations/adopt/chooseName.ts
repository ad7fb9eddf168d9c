import { isMapping } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { AdoptionTarget } from "./adoptionTarget";
import { clientNameOf, configuredName } from "./clientName";
import type { RegisteredApplication } from "./liveRegistration";

/**
 * The name that a registration is taken over under: the one that is asked for, or the one that the state or the configuration has
 * for it already, or one that is made of its display name.
 *
 * @throws OperationError when the name is taken, or none can be made
 */
export function chooseName(
  { deployed, clients }: Pick<AdoptionTarget, "deployed" | "clients">,
  { appId, displayName }: Pick<RegisteredApplication, "appId" | "displayName">,
  wanted: string | undefined,
): string {
  const inState = deployed.find(({ clientId }) => clientId?.toLowerCase() === appId.toLowerCase())?.name;
  if (inState !== undefined) {
    if (wanted === undefined || wanted === inState) return inState;
    throw new OperationError(`The application is in the stack's state already, as the client ${inState}.`, {
      cure: `Omit --as, or write --as ${inState}. A client is renamed with formerNames.`,
    });
  }
  // Entra compares names without regard to case, and the configuration without regard to blanks around them.
  const compared = (name: string): string => configuredName(name).trim().toLowerCase();
  const isNamed = (client: unknown): boolean =>
    isMapping(client) &&
    typeof client["displayName"] === "string" &&
    compared(client["displayName"]) === compared(displayName);
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
  const namesake = Object.entries(clients).find(([key, client]) => key !== name && isNamed(client))?.[0];
  if (namesake !== undefined) {
    throw new OperationError(
      `The stack's client ${namesake} has the display name ${JSON.stringify(displayName)} already.`,
      {
        cause: "No two clients of a stack may have the same.",
        cure: `Give the registration another display name, or the client one under clients.${namesake}.displayName. If the registration is that client, adopt it with --as ${namesake}.`,
      },
    );
  }
  const declared = clients[name];
  if (wanted === undefined && isMapping(declared) && !isNamed(declared)) {
    throw new OperationError(`The stack declares a client ${name} already, for another application.`, {
      cure: "Choose another name with --as.",
    });
  }
  return name;
}

import { similarTo } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";

/**
 * The clients that were asked for; without a choice all.
 *
 * @throws OperationError when one of them is not declared
 */
export function chooseClients(
  { clients, stack }: StackDeclaration,
  names: readonly string[] | undefined,
): readonly DeclaredClient[] {
  if (names === undefined) return clients;
  const unknown = names.filter((wanted) => !clients.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    throw new OperationError(`The stack ${stack} has no client ${unknown.join(", ")}.`, {
      cure: [
        clients.length === 0
          ? "It declares none."
          : `Name one of ${clients.map(({ name }) => name).join(", ")}.`,
        ...unknown.flatMap((wanted) => {
          const meant = similarTo(
            wanted,
            clients.map(({ name }) => name),
          );
          return meant === undefined ? [] : [`Did you mean ${meant}?`];
        }),
      ].join("\n"),
    });
  }
  return clients.filter(({ name }) => names.includes(name));
}

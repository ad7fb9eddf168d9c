import { federatedCredentialCommand } from "../cloud/federatedCredentialCommand";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { isSame } from "./canonical";
import { type Comparison, nameOrId, quoted } from "./comparison";
import { federatedStandings, trustOf, trustText } from "./credentialStandings";
import type { Finding } from "./finding";
import { configuredFederation } from "../project/configuredFederation";
import type { LiveFederatedCredential } from "./liveObjects";

/** The federated credentials of the application, or of the managed identity, of which none is ever declared. */
export function compareFederatedCredentials(comparison: Comparison): Finding[] {
  const { client, declaration, deployed, graph, live, found, redeploy, recreated, unmanaged } = comparison;
  const configured = configuredFederation(client.config, declaration.api.loginUrl).map(trustOf);
  const command = (action: "show" | "delete", credential: LiveFederatedCredential): string =>
    federatedCredentialCommand(action, graph, live.ids.objectId ?? "", credential);
  const standings = federatedStandings(deployed, live);
  if (live.federatedCredentials === undefined) return [];
  const there = live.federatedCredentials.value;
  return [
    ...standings.flatMap(({ live: credential, standing, difference = "" }): Finding[] => {
      const facts = { side: "live" as const, object: credential.id, content: trustOf(credential) };
      const name = `Federated credential ${nameOrId(credential.name, credential.id)}`;
      switch (standing) {
        case "declared":
          return [];
        case "recreated":
          return [
            recreated(credential.id, name, {
              look: command("show", credential),
              remove: command("delete", credential),
            }),
          ];
        case "changed":
          return [
            found({
              ...facts,
              rule: "federated-credential-changed",
              detail: `${name} ${difference}.`,
              next: redeploy,
            }),
          ];
        default:
          if (configured.some((one) => isSame(one, trustOf(credential)))) {
            return [unmanaged(credential.id, name)];
          }
          return [
            found({
              ...facts,
              rule: "federated-credential-undeclared",
              detail: `${name}: ${trustText(credential)}.`,
              next: inspectBeforeDelete(
                command("show", credential),
                command("delete", credential),
                "nobody signs in by it",
              ),
            }),
          ];
      }
    }),
    ...(live.application?.value === "absent" ? [] : deployed.federatedCredentials)
      .filter(({ id }) => !there.some((credential) => credential.id === id))
      .filter(
        (one) => !standings.some(({ standing, declared }) => standing === "recreated" && declared === one),
      )
      .map(({ id, name }) =>
        found({
          rule: "federated-credential-missing",
          side: "live",
          object: id,
          detail: `The federated credential ${quoted(name)} is no longer on the application.`,
          next: redeploy,
        }),
      ),
  ];
}

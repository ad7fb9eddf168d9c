import { federatedCredentialCommand } from "../cloud/federatedCredentialCommand";
import { trustProblems } from "../trust/trustProblems";
import type { Comparison } from "./comparison";
import type { Finding } from "./finding";

/** Whose tokens are trusted that will be refused, or that somebody else may have some day. Declared or not, it is the same trust. */
export function compareTrust({ deployed, declaration, graph, live, found }: Comparison): Finding[] {
  if (live.application?.value === "absent") return [];
  return (live.federatedCredentials?.value ?? []).flatMap((credential) =>
    trustProblems(credential, declaration.api.loginUrl).map(({ rule, detail, cure }) =>
      found({
        rule,
        side: "live",
        object: credential.id,
        detail: `Federated credential ${JSON.stringify(credential.name)}: ${detail} ${cure}`,
        next: federatedCredentialCommand("show", graph, deployed.objectId ?? "", credential),
      }),
    ),
  );
}

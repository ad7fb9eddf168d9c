import { federatedCredentialCommand } from "../cloud/federatedCredentialCommand";
import { trustProblems } from "../trust/trustProblems";
import { type Comparison, nameOrId } from "./comparison";
import { trustOf } from "./credentialStandings";
import type { Finding } from "./finding";

/** Whose tokens are trusted that will be refused, or that somebody else may have some day. Declared or not, it is the same trust. */
export function compareTrust({ declaration, graph, live, found }: Comparison): Finding[] {
  return (live.federatedCredentials?.value ?? []).flatMap((credential) =>
    trustProblems(credential, declaration.api.loginUrl).map(({ rule, detail, cure }) =>
      found({
        rule,
        side: "live",
        object: credential.id,
        detail: `Federated credential ${nameOrId(credential.name, credential.id)}: ${detail} ${cure}`,
        content: trustOf(credential),
        next: federatedCredentialCommand("show", graph, live.ids.objectId ?? "", credential),
      }),
    ),
  );
}

import { compareCertificates } from "./compareCertificates";
import { compareFederatedCredentials } from "./compareFederatedCredentials";
import { comparePrincipalCredentials } from "./comparePrincipalCredentials";
import { compareSecrets } from "./compareSecrets";
import { compareUse } from "./compareUse";
import type { Comparison } from "./comparison";
import type { Finding } from "./finding";

/** Secrets, certificates and federated credentials, on the application and on the service principal. */
export function compareCredentials(comparison: Comparison): Finding[] {
  return [
    ...compareSecrets(comparison),
    ...compareUse(comparison),
    ...compareCertificates(comparison),
    ...comparePrincipalCredentials(comparison),
    ...compareFederatedCredentials(comparison),
  ];
}

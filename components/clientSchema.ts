import { z } from "zod";
import { accessFields } from "./access";
import { applicationFields } from "./application";
import { quote } from "./argumentTypes";
import { certificatesFields } from "./certificates";
import { consentFields } from "./consent";
import { federatedCredentialsFields } from "./federatedCredentials";
import { noApplicationFields } from "./managedIdentity";
import { runsOnFields } from "./runsOn";
import { secretFields } from "./secrets";
import { vaultFields } from "./vaultSecret";

/** The keys of one client: the one source for the component, the stack's configuration and its JSON Schema. */
export const clientFields = {
  ...applicationFields,
  ...accessFields,
  ...consentFields,
  ...secretFields,
  ...certificatesFields,
  ...runsOnFields,
  ...noApplicationFields,
  ...federatedCredentialsFields,
  credentials: z
    .literal("none", {
      error: ({ input }) => `${quote(input)} is not a valid value; write none, or omit the key`,
    })
    .exactOptional()
    .meta({
      description: "`none` states that the client is meant to have no secret, certificate or federation.",
      absent: "such a client is refused",
      examples: ["none"],
    }),
  ...vaultFields,
  protect: z
    .boolean()
    .exactOptional()
    .meta({
      description:
        "Whether Pulumi refuses to delete the client: its application, service principal, consent and roles. Secrets, certificates and federated credentials still rotate, and a refused destroy leaves them alone.",
      default: false,
      examples: [true],
    }),
};

export const clientSchema = z.strictObject(clientFields);

import { z } from "zod";
import { accessShape } from "./access";
import { applicationShape } from "./application";
import { quote } from "./argumentTypes";
import { certificatesShape } from "./certificates";
import { consentShape } from "./consent";
import { federatedCredentialsShape } from "./federatedCredentials";
import { runsOnShape } from "./runsOn";
import { secretShape } from "./secrets";
import { vaultShape } from "./vaultSecret";

/** The keys of one client: the one source for the component, the stack's configuration and its JSON Schema. */
export const clientShape = {
  ...applicationShape,
  ...accessShape,
  ...consentShape,
  ...secretShape,
  ...certificatesShape,
  ...runsOnShape,
  ...federatedCredentialsShape,
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
  ...vaultShape,
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

export const clientSchema = z.strictObject(clientShape);

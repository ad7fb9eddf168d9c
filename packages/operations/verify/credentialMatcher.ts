import { z } from "zod";
import { liveFederatedCredential } from "../audit/liveObjects";
import { type CloudCall, describeNeed } from "../cloud/call";
import { isSame } from "../audit/canonical";
import { calls } from "../cloud/calls";
import { isCertificate } from "../cloud/certificateBytes";
import type { CloudClient } from "../cloud/cloudClient";
import { RefusedCall } from "../cloud/refusedCall";
import { TransportFailure } from "../cloud/transportFailure";
import { OperationError } from "../operationError";
import type { Federation } from "../project/configuredFederation";

/** How the declared credential is among those of the live application. */
export type Liveness =
  /** It is there with the declared content. */
  | { readonly kind: "declared" }
  /** It is not there, or what bears its id is something else. */
  | { readonly kind: "other"; readonly detail: string }
  /** That could not be read. */
  | { readonly kind: "unread"; readonly detail: string };

const application = z.object({
  passwordCredentials: z.array(z.object({ keyId: z.string(), hint: z.string().nullish() })),
});
const certificates = z.object({
  keyCredentials: z.array(z.object({ usage: z.string().nullish(), key: z.string().nullish() })),
});

/**
 * The credentials of a live application, by which a proof is known to be that of the declared credential: another one, which somebody
 * has added, gets a token as well.
 */
export class CredentialMatcher {
  private readonly readings = new Map<string, Promise<unknown>>();

  constructor(
    private readonly cloud: CloudClient,
    private readonly objectId: string,
  ) {}

  /** Whether a value can be that of the secret which the stack has issued. Entra shows its first characters. */
  secret(keyId: string, value: string): Promise<Liveness> {
    return this.compared(async () => {
      const { passwordCredentials } = await this.one(calls.application, application);
      const found = passwordCredentials.find((secret) => secret.keyId === keyId);
      if (!found) return other("the application no longer has a secret with that key id");
      return found.hint && !value.startsWith(found.hint)
        ? other("the application's secret with that key id has another value: it starts differently")
        : declared;
    });
  }

  /** Whether a certificate is on the application, compared by its bytes. */
  certificate(pem: string): Promise<Liveness> {
    return this.compared(async () => {
      const { keyCredentials } = await this.one(calls.certificates, certificates);
      const verifying = keyCredentials.filter(({ usage }) => usage === "Verify");
      if (verifying.some(({ key }) => isCertificate(key, pem))) return declared;
      return verifying.some(({ key }) => !key)
        ? { kind: "unread", detail: "Microsoft Graph does not send the application's certificates" }
        : other("none of the application's certificates is the declared one");
    });
  }

  /** Whether issuer, subject or claims, and audience are trusted by the application as they are declared. */
  federated(wanted: Omit<Federation, "name">): Promise<Liveness> {
    return this.compared(async () => {
      const all = await this.reading(calls.federatedCredentials, () =>
        this.cloud.readAll(calls.federatedCredentials, { objectId: this.objectId }),
      );
      return z
        .array(liveFederatedCredential)
        .parse(all)
        .some(
          ({ issuer, subject, claimsMatchingExpression, audiences }) =>
            issuer === wanted.issuer &&
            subject === wanted.subject &&
            claimsMatchingExpression === wanted.claimsMatchingExpression &&
            isSame(audiences, wanted.audiences),
        )
        ? declared
        : other("none of the application's federated credentials is as declared");
    });
  }

  private async one<S extends z.ZodType>(call: CloudCall, shape: S): Promise<z.infer<S>> {
    return shape.parse(await this.reading(call, () => this.cloud.read(call, { objectId: this.objectId })));
  }

  /** Everything is read once for all credentials of a client. */
  private reading(call: CloudCall, read: () => Promise<unknown>): Promise<unknown> {
    const known = this.readings.get(call.name) ?? read();
    this.readings.set(call.name, known);
    return known;
  }

  private async compared(compare: () => Promise<Liveness>): Promise<Liveness> {
    try {
      return await compare();
    } catch (error) {
      if (error instanceof RefusedCall) {
        const missing = error.isDenied ? `; you need ${describeNeed(error.call.needs)}` : "";
        return {
          kind: "unread",
          detail: `the application's credentials cannot be read (${error.message})${missing}`,
        };
      }
      if (error instanceof TransportFailure || error instanceof OperationError) {
        return { kind: "unread", detail: `the application's credentials cannot be read: ${error.message}` };
      }
      if (error instanceof z.ZodError) {
        return { kind: "unread", detail: "the response of Microsoft Graph has an unknown form" };
      }
      throw error;
    }
  }
}

const declared = { kind: "declared" } as const;

function other(detail: string): Liveness {
  return { kind: "other", detail };
}

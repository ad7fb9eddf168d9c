import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { DeclaredAccess } from "./access";
import type { ClientParts } from "./child";
import { adminConsentUrl } from "./consent";
import { dicomServiceUrl } from "./dicomApi";
import { endDateOf } from "./secretSchedule";
import type { DeclaredSecrets } from "./secrets";
import { pulumi as sdk } from "./sdk";
import { fromTenant } from "./tenantContext";

/** By which ids a client is known. */
export interface ClientIds {
  readonly clientId: pulumi.Input<string>;
  /** Of the application; undefined when there is none. */
  readonly objectId: pulumi.Input<string> | undefined;
  readonly servicePrincipalId: pulumi.Input<string>;
}

/** A client whose children have been declared. */
interface ClientWithChildren extends ClientParts {
  readonly ids: ClientIds;
  readonly secrets: DeclaredSecrets | undefined;
  readonly access: DeclaredAccess;
}

/** An output: its type, what it means, and where it comes from. */
interface ClientOutput<T> {
  readonly type: z.ZodType<T>;
  readonly description: string;
  readonly of: (client: ClientWithChildren) => pulumi.Input<T>;
}

const output = <T>(
  type: z.ZodType<T>,
  description: string,
  of: (client: ClientWithChildren) => pulumi.Input<T>,
): ClientOutput<T> => ({ type, description, of });

const [text, optionalText] = [z.string(), z.string().optional()];

/** The outputs that everybody may see. */
export const plainOutputs = {
  clientId: output(
    text,
    "Application (client) id: what consumers sign in with. With `application: none`, that of the managed identity.",
    ({ ids }) => ids.clientId,
  ),
  objectId: output(optionalText, "Object id of the application, if there is one.", ({ ids }) => ids.objectId),
  servicePrincipalId: output(
    text,
    "Object id of the service principal. With `application: none`, that of the managed identity.",
    ({ ids }) => ids.servicePrincipalId,
  ),
  tenantId: output(text, "Directory (tenant) id.", ({ tenant }) =>
    fromTenant(tenant, ({ tenantId }) => tenantId),
  ),
  audience: output(text, "Audience of the tokens that the DICOM service accepts.", ({ api }) => api.audience),
  scope: output(
    text,
    "What to ask the token endpoint for: the audience followed by `/.default`.",
    ({ api }) => `${api.audience}/.default`,
  ),
  tokenUrl: output(text, "Address of the token endpoint.", ({ api, tenant }) =>
    fromTenant(tenant, ({ tenantId }) => `${api.loginUrl}/${tenantId}/oauth2/v2.0/token`),
  ),
  dicomServiceUrls: output(
    z.array(text),
    "Addresses of the DICOM services that `access` names.",
    ({ access, api }) =>
      access.scopes.flatMap(({ workspace, dicomService }) =>
        dicomService === undefined ? [] : [dicomServiceUrl(api, workspace, dicomService)],
      ),
  ),
  dicomPartitions: output(
    z.record(z.string(), text).optional(),
    "By address, the data partitions that `access` names, if any: requests go to `<address>/v2/partitions/<partition>/studies`.",
    ({ access, api }) => {
      const named = access.partitions.flatMap(({ scope: { workspace, dicomService }, partition }) =>
        dicomService === undefined ? [] : [[dicomServiceUrl(api, workspace, dicomService), partition]],
      );
      return named.length === 0 ? undefined : (Object.fromEntries(named) as Record<string, string>);
    },
  ),
  secretId: output(
    optionalText,
    "Key id of the current client secret.",
    ({ secrets }) => secrets?.current.keyId,
  ),
  secretExpiresOn: output(
    optionalText,
    "When the current client secret ends, such as `2027-05-22T00:00:00Z`.",
    ({ secrets }) => secrets && endDateOf(secrets.plan.current),
  ),
  nextRotationOn: output(
    optionalText,
    "Day on which the next secret is issued, such as `2027-04-22`.",
    ({ secrets }) => secrets?.plan.nextRotationOn,
  ),
  previousSecretId: output(
    optionalText,
    "Key id of the client secret before the current one, while it is valid.",
    ({ secrets }) => secrets?.previous?.keyId,
  ),
  consentUrl: output(
    optionalText,
    "Page on which an administrator consents; only with `consent: external`.",
    ({ settings, api, tenant, ids }) =>
      settings.consent === "external"
        ? sdk
            .all([fromTenant(tenant, ({ tenantId }) => tenantId), ids.clientId])
            .apply(([tenantId, clientId]) => adminConsentUrl(api.loginUrl, tenantId, clientId))
        : undefined,
  ),
};

/** The outputs that are Pulumi secrets. */
export const secretOutputs = {
  clientSecret: output(
    optionalText,
    "Value of the current client secret. A Pulumi secret.",
    ({ secrets }) => secrets && sdk.secret(secrets.current.value),
  ),
  previousClientSecret: output(
    optionalText,
    "Value of the client secret before the current one, while it is valid. A Pulumi secret.",
    ({ secrets }) => secrets?.previous && sdk.secret(secrets.previous.value),
  ),
};

/** Everything that a client puts out. A new output is a row here, and `npm run schema`. */
export const outputs: Readonly<Record<string, ClientOutput<unknown>>> = { ...plainOutputs, ...secretOutputs };

/** The values of all outputs. */
export function outputsOf(client: ClientWithChildren): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { of }]) => [name, of(client)]));
}

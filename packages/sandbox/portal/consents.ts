import { SandboxError } from "../runner/sandboxError";
import { textIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import { findApi, findUser, listObjects, listed, type Listed } from "./directory";
import {
  type ActionDefinition,
  type ActionParameter,
  clientArgument,
  type GivenValues,
} from "./portalAction";

/** A consent to delegated permissions of an API. */
export interface Consent {
  /** Object id of the client's service principal. */
  readonly clientId: string;
  /** Object id of the API's service principal. */
  readonly resourceId: string;
  /** The user who consents; absent: everybody. */
  readonly userId?: string;
}

/**
 * Consents. What has been consented to before stays, as at the portal.
 *
 * @param scopes names of delegated permissions.
 * @returns id of the consent.
 */
export async function grantConsent(
  administrator: Administrator,
  consent: Consent,
  scopes: readonly string[],
): Promise<string> {
  const present = await findConsent(administrator, consent);
  if (present) {
    const scope = [...new Set([...textIn(present["scope"]).split(" "), ...scopes])].join(" ").trim();
    await administrator.graph("PATCH", `oauth2PermissionGrants/${present.id}`, { scope });
    return present.id;
  }
  const { clientId, resourceId, userId } = consent;
  const made = await administrator.graph("POST", "oauth2PermissionGrants", {
    clientId,
    resourceId,
    scope: scopes.join(" "),
    ...(userId === undefined
      ? { consentType: "AllPrincipals" }
      : { consentType: "Principal", principalId: userId }),
  });
  return listed(made).id;
}

/**
 * Takes a consent back.
 *
 * @returns its id.
 * @throws SandboxError when there is none.
 */
async function removeConsent(administrator: Administrator, consent: Consent): Promise<string> {
  const present = await findConsent(administrator, consent);
  if (!present) {
    throw new SandboxError(
      `There is no such consent ${consent.userId === undefined ? "for everybody" : `of the user ${consent.userId}`} to the API.`,
    );
  }
  await administrator.graph("DELETE", `oauth2PermissionGrants/${present.id}`);
  return present.id;
}

async function findConsent(
  administrator: Administrator,
  { clientId, resourceId, userId }: Consent,
): Promise<Listed | undefined> {
  const grants = await listObjects(administrator, `servicePrincipals/${clientId}/oauth2PermissionGrants`);
  return grants.find(
    (grant) => grant["resourceId"] === resourceId && (grant["principalId"] ?? undefined) === userId,
  );
}

/** The API whose permissions clients of a DICOM service ask for. */
export const dicomApi = "Azure API for DICOM";

const options: readonly ActionParameter[] = [
  { flags: "--api <name>", description: "display name or client id of the API", fallback: dicomApi },
  { flags: "--user <user>", description: "object id or user principal name (default: for everybody)" },
];

/** The actions of this file on the command line. */
export const consentActions: readonly ActionDefinition[] = [
  {
    name: "grant-consent",
    description: "consent to a delegated permission of an API, for everybody or for one user",
    arguments: [
      clientArgument,
      { flags: "[scope]", description: "the permission's name", fallback: "Dicom.ReadWrite" },
    ],
    options,
    example: 'grant-consent imaging-gateway User.Read --api "Microsoft Graph"',
    async run(given) {
      const { administrator } = given;
      const { consent, whom } = await chosenConsent(given);
      const scope = given.text("scope");
      const id = await grantConsent(administrator, consent, [scope]);
      return [`Consented to ${scope} of ${given.text("api")} ${whom}: consent ${id}.`];
    },
  },
  {
    name: "remove-consent",
    description: "revoke a consent to an API",
    arguments: [clientArgument],
    options,
    example: "remove-consent imaging-gateway",
    async run(given) {
      const { administrator } = given;
      const { consent, whom } = await chosenConsent(given);
      const id = await removeConsent(administrator, consent);
      return [`Revoked the consent ${id} to ${given.text("api")} ${whom}.`];
    },
  },
];

async function chosenConsent(
  given: GivenValues,
): Promise<{ readonly consent: Consent; readonly whom: string }> {
  const { administrator } = given;
  const clientId = await given.principalId();
  const resourceId = (await findApi(administrator, given.text("api"))).id;
  const wanted = given.optionalText("user");
  if (wanted === undefined) return { consent: { clientId, resourceId }, whom: "for everybody" };
  const userId = (await findUser(administrator, wanted)).id;
  return { consent: { clientId, resourceId, userId }, whom: `for the user ${userId}` };
}

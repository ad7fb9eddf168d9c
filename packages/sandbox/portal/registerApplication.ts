import { SandboxError } from "../runner/sandboxError";
import { objectsIn } from "../standIn/http/jsonBody";
import { dicomApi, grantConsent } from "./consents";
import type { Administrator } from "./administrator";
import { findApi, listed, type Listed } from "./directory";
import { asApplication, type FoundApplication } from "./findApplication";
import { showSecrets, type ActionDefinition } from "./portalAction";
import { addSecret, describeSecret } from "./secrets";

/** An application that was registered by hand, with its service principal. */
export interface RegisteredApplication extends FoundApplication {
  readonly servicePrincipalId: string;
}

/**
 * Registers an application, as the portal does: single tenant, with a service principal.
 *
 * @param requiredResourceAccess permissions to ask for; by default none.
 */
export async function registerApplication(
  administrator: Administrator,
  displayName: string,
  requiredResourceAccess: readonly object[] = [],
): Promise<RegisteredApplication> {
  const application = asApplication(
    await administrator.graph("POST", "applications", {
      displayName,
      signInAudience: "AzureADMyOrg",
      requiredResourceAccess,
    }),
  );
  const { appId } = application;
  const principal = listed(await administrator.graph("POST", "servicePrincipals", { appId }));
  return { ...application, servicePrincipalId: principal.id };
}

/** The permission of the how-to. */
const scopeName = "Dicom.ReadWrite";

/** Microsoft's how-to: https://learn.microsoft.com/azure/healthcare-apis/dicom/dicom-register-application */
export const registerActions: readonly ActionDefinition[] = [
  {
    name: "register",
    description: `register an application following Microsoft's how-to: service principal, API permission ${scopeName}, no Azure role`,
    arguments: [{ flags: "displayName", description: "the application's display name" }],
    options: [
      { flags: "--consent", description: "grant tenant-wide consent, as the how-to does" },
      { flags: "--secret", description: "add a secret of 180 days, as the portal proposes" },
      showSecrets,
    ],
    example: 'register "Made by hand" --consent --secret',
    async run(given) {
      const { administrator } = given;
      const api = await findApi(administrator, dicomApi);
      const application = await registerApplication(administrator, given.text("displayName"), [
        requiredDicomAccess(api),
      ]);
      const { id, appId, servicePrincipalId } = application;
      const lines = [
        `Registered ${JSON.stringify(application.displayName)}.`,
        `Application: client id ${appId}, object id ${id}.`,
        `Service principal: object id ${servicePrincipalId}.`,
      ];
      if (given.isOn("consent")) {
        const consent = { clientId: servicePrincipalId, resourceId: api.id };
        lines.push(
          `Consent for everybody to ${scopeName}: ${await grantConsent(administrator, consent, [scopeName])}.`,
        );
      }
      if (given.isOn("secret")) {
        const end = new Date((await administrator.now()).getTime() + 180 * 86_400_000).toISOString();
        const secret = await addSecret(administrator, { kind: "applications", id }, "Made by hand", end);
        lines.push(...describeSecret(secret, given));
      }
      return lines;
    },
  },
];

/** What an application asks for by the how-to. @param api the DICOM API's service principal. */
function requiredDicomAccess(api: Listed): object {
  return {
    resourceAppId: api["appId"],
    resourceAccess: [{ id: scopeId(api["oauth2PermissionScopes"]), type: "Scope" }],
  };
}

function scopeId(scopes: unknown): unknown {
  const found = objectsIn(scopes).find(({ value }) => value === scopeName);
  if (!found) {
    throw new SandboxError(`${dicomApi} publishes no permission ${scopeName} in this tenant.`);
  }
  return found["id"];
}

import { randomUUID } from "node:crypto";
import { firstPartyAppIds, firstPartyApplication } from "../../../tenant/domain/firstPartyApplications";
import type { StackResource } from "../../../tenant/surfaces/page/tenantOverview";
import { keyCredential, testCertificate } from "../support/testCertificate";
import { TestClock } from "../support/testClock";
import { TestTenant, resources, type TestApplication } from "../support/testTenant";

/** A display name that would run scripts and break the page if it were not escaped. */
export const hostileName = `</title><script>document.title = "taken"</script><img src=x onerror="document.title='taken'"> "'&amp;`;

/** A display name that no line can break at a space, as long as Graph takes one. */
export const longName = "w".repeat(120);

/** A tenant with something in every table of its page, at 2027-04-01T12:00:00Z. */
export interface ShownTenant {
  readonly tenant: TestTenant;
  /** With the hostile name, and credentials in every state; made on 2027-01-01. */
  readonly application: TestApplication;
  /** With the long name; deleted the day before. */
  readonly deleted: TestApplication;
  /** Secrets, tokens and a certificate that the tenant has seen. */
  readonly confidential: readonly string[];
}

const day = 24 * 60 * 60;

export async function shownTenant(): Promise<ShownTenant> {
  const stack: StackResource[] = [];
  const tenant = await TestTenant.start({
    clock: new TestClock(new Date("2027-01-01T00:00:00Z")),
    readStack: () => Promise.resolve(stack),
  });
  const token = await tenant.adminToken();
  const post = async (path: string, json: object): Promise<unknown> => {
    const answer = await tenant.call("POST", `/v1.0/${path}`, { token, json });
    if (answer.status >= 300) throw new Error(answer.body);
    return answer.json;
  };
  const application = await tenant.application(hostileName, ["Application.Read.All"]);
  // Of the stack is the application only, so that the map marks all that it has.
  stack.push({ id: application.id, name: "application" }, { id: randomUUID(), name: longName });
  const secret = async (displayName: string, startDateTime: string, endDateTime: string): Promise<string> => {
    const made = await post(`applications/${application.id}/addPassword`, {
      passwordCredential: { displayName, startDateTime, endDateTime },
    });
    return (made as { readonly secretText: string }).secretText;
  };
  const secrets = [
    await secret("past", "2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"),
    await secret("half", "2027-01-01T00:00:00Z", "2027-06-30T00:00:00Z"),
    await secret("soon", "2027-01-01T00:00:00Z", "2027-04-03T00:00:00Z"),
    await secret("next", "2027-05-01T00:00:00Z", "2027-11-01T00:00:00Z"),
  ];
  const certificate = await testCertificate(new Date("2027-01-01"), new Date("2027-12-31"));
  const json = { keyCredentials: [keyCredential(certificate)] };
  (await tenant.call("PATCH", `/v1.0/applications/${application.id}`, { token, json })).expect(204);
  await post(`applications/${application.id}/federatedIdentityCredentials`, {
    name: "github",
    issuer: "https://token.actions.githubusercontent.com",
    subject: "repo:a/b:environment:dev",
    audiences: ["api://AzureADTokenExchange"],
  });
  await post("oauth2PermissionGrants", {
    clientId: application.servicePrincipalId,
    consentType: "AllPrincipals",
    resourceId: firstPartyApplication(firstPartyAppIds.dicom)?.servicePrincipalId,
    scope: "Dicom.ReadWrite",
  });
  const own = await tenant.token(application.appId, application.secret, resources.graph);
  (await tenant.call("POST", "/v1.0/applications", { token: own, json: { displayName: "no" } })).expect(403);
  tenant.clock.advance(89.5 * day);
  const deleted = await tenant.application(longName);
  const fresh = await tenant.adminToken();
  (await tenant.call("DELETE", `/v1.0/applications/${deleted.id}`, { token: fresh })).expect(204);
  tenant.clock.advance(day);
  const der = certificate.certificate.replace(/-----.*-----|\s/g, "");
  return {
    tenant,
    application,
    deleted,
    confidential: [...secrets, application.secret, deleted.secret, token, own, fresh, der],
  };
}

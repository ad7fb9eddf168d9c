import * as azuread from "@pulumi/azuread";
import type { PulumiFn } from "@pulumi/pulumi/automation";

/** What changed in the program from one recording to the next. */
export interface RecordedSettings {
  readonly displayName: string;
  readonly notes?: string;
  readonly subject: string;
  readonly appRoleAssignmentRequired: boolean;
  readonly endDate: string;
  /** Whether everything but the service principal is deleted with the application. */
  readonly deletedWithApplication: boolean;
  /** PEM. */
  readonly certificate: string;
  /** RFC 3339; has to lie before the certificate's own end. */
  readonly certificateEnd: string;
}

const dicomAppId = "75e725bf-66ce-4cea-9b9a-5c4caae57f33";
const fhirAppId = "4f6778d8-5aef-43dc-a1ff-b073724b9495";
const absentAppId = "00000000-0000-4000-8000-000000000000";
const allFhirResources = "bea2566c-7172-42d0-a06a-0e2e2b58f084";

/** The program that the recordings were made with. */
export function recordedProgram(settings: RecordedSettings): PulumiFn {
  return async () => {
    const [caller, dicom, fhir] = await Promise.all([
      azuread.getClientConfig({}),
      azuread.getServicePrincipal({ clientId: dicomAppId }),
      azuread.getServicePrincipal({ clientId: fhirAppId }),
      azuread.getServicePrincipals({ clientIds: [dicomAppId, absentAppId], ignoreMissing: true }),
    ]);
    const owners = [caller.objectId];
    const application = new azuread.Application("client", {
      displayName: settings.displayName,
      ...(settings.notes === undefined ? {} : { notes: settings.notes }),
      owners,
      preventDuplicateNames: true,
      signInAudience: "AzureADMyOrg",
      requiredResourceAccesses: [
        {
          resourceAppId: dicomAppId,
          resourceAccesses: [{ id: dicom.oauth2PermissionScopeIds["Dicom.ReadWrite"] ?? "", type: "Scope" }],
        },
      ],
    });
    const tie = settings.deletedWithApplication ? { deletedWith: application } : {};
    const applicationId = application.id;
    const servicePrincipal = new azuread.ServicePrincipal("client", {
      clientId: application.clientId,
      owners,
      appRoleAssignmentRequired: settings.appRoleAssignmentRequired,
    });
    new azuread.ServicePrincipalDelegatedPermissionGrant(
      "consent",
      {
        servicePrincipalObjectId: servicePrincipal.objectId,
        resourceServicePrincipalObjectId: dicom.objectId,
        claimValues: ["Dicom.ReadWrite"],
      },
      tie,
    );
    new azuread.AppRoleAssignment(
      "role",
      {
        appRoleId: allFhirResources,
        principalObjectId: servicePrincipal.objectId,
        resourceObjectId: fhir.objectId,
      },
      tie,
    );
    new azuread.ApplicationPassword(
      "secret",
      { applicationId, displayName: "rbac", endDate: settings.endDate },
      tie,
    );
    new azuread.ApplicationCertificate(
      "cert",
      {
        applicationId,
        type: "AsymmetricX509Cert",
        value: settings.certificate,
        endDate: settings.certificateEnd,
      },
      tie,
    );
    new azuread.ApplicationFederatedIdentityCredential(
      "fic",
      {
        applicationId,
        displayName: "github",
        audiences: ["api://AzureADTokenExchange"],
        issuer: "https://token.actions.githubusercontent.com",
        subject: settings.subject,
      },
      tie,
    );
  };
}

import {
  addOwner,
  addSecret,
  type Administrator,
  assignAzureRole,
  dicomApi as dicomApiName,
  findApi,
  grantConsent,
  registerApplication,
  requiredDicomAccess,
  scopeName,
  seed,
  seedResourceIds,
} from "entra-sandbox";
import { readRole } from "dicom-service-client/model";

/** Display name of the registration. */
export const handMadeName = "Research pipeline";

/** Makes a client by hand that a stack can take over as it is: by the how-to, with a role and the owners that deploying takes. */
export async function registerByHand(administrator: Administrator): Promise<void> {
  const api = await findApi(administrator, dicomApiName);
  const { id, servicePrincipalId } = await registerApplication(administrator, handMadeName, [
    requiredDicomAccess(api),
  ]);
  const application = { kind: "applications", id } as const;
  const principal = { kind: "servicePrincipals", id: servicePrincipalId } as const;
  await grantConsent(administrator, { clientId: servicePrincipalId, resourceId: api.id }, [scopeName]);
  await addSecret(administrator, application, "Made by hand");
  await addOwner(administrator, application, seed.pipeline.servicePrincipalId);
  await addOwner(administrator, principal, seed.pipeline.servicePrincipalId);
  await addOwner(administrator, principal, seed.adminUserId);
  await assignAzureRole(
    administrator,
    seedResourceIds.dicomService,
    readRole("reader") ?? "",
    servicePrincipalId,
  );
}

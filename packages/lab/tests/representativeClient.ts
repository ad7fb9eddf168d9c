import { join } from "node:path";
import { seed, seedResourceIds } from "entra-sandbox";

/** The client's name in the stack. */
export const clientName = "imaging-gateway";

/** Days of the client's secret schedule, as UTC dates. */
export const days = {
  /** Its first deployment: one secret, in slot a. */
  deployed: "2026-12-01",
  /** The second secret is issued, in slot b; the first stays valid. */
  rotation: "2027-04-22",
} as const;

/** A client with one of everything that a client can have, so that a run meets every request there is. */
export const representativeClient = {
  displayName: "Imaging gateway",
  description: "Finds and reads studies for the hospital's viewers",
  owners: [seed.secondOwnerId],
  serviceManagementReference: "CMDB-4711",
  access: [{ dicomService: seedResourceIds.dicomService, role: "reader" }],
  consent: "managed",
  permissions: [{ api: "fhir", scopes: ["user_impersonation"], roles: ["system.all.read"] }],
  secret: { from: "2026-11-23", lifetimeDays: 180, overlapDays: 30 },
  certificates: [{ name: "modality", file: join(__dirname, "gateway.pem"), expiresOn: "2027-12-01" }],
  federatedCredentials: [
    {
      name: "github-dev",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso@123456/pacs@456789:environment:dev",
    },
  ],
  vault: { id: seedResourceIds.keyVault, secretName: "imaging-gateway-dicom" },
} as const;

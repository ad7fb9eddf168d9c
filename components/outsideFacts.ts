/** Something that is so outside of this project, and on which it rests. */
export interface OutsideFact {
  readonly what: string;
  readonly value: string | number;
  readonly source: string;
  /** Day on which the source was read. */
  readonly readOn: string;
  /** Day from which the source is to be read again. */
  readonly lookAgainOn: string;
}

const readOn = "2026-11-27";
/** For what Microsoft does not change once it is there. */
const inAYear = { readOn, lookAgainOn: "2027-11-27" };
/** For limits and for what is announced to change. */
const inHalfAYear = { readOn, lookAgainOn: "2027-05-27" };
const builtInRoles = "https://learn.microsoft.com/azure/role-based-access-control/built-in-roles";
const entraLimits = "https://learn.microsoft.com/entra/identity/users/directory-service-limits-restrictions";
const federation = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const accessToken = "https://learn.microsoft.com/azure/healthcare-apis/get-access-token";

/** Every fact by its name. What is documented about the permissions of a call stands in dicom-ops' documentedPermissions.json. */
export const outsideFacts = {
  dicomClientId: {
    what: "Client id of the API of the DICOM service, Azure API for DICOM",
    value: "75e725bf-66ce-4cea-9b9a-5c4caae57f33",
    source: "https://github.com/maciejporebski/azure-ad-first-party-apps-permissions",
    ...inAYear,
  },
  dicomAudience: {
    what: "Audience of tokens for the DICOM service in the public cloud",
    value: "https://dicom.healthcareapis.azure.com",
    source: accessToken,
    ...inAYear,
  },
  fhirClientId: {
    what: "Client id of the API of the FHIR service, Azure Healthcare APIs",
    value: "4f6778d8-5aef-43dc-a1ff-b073724b9495",
    source:
      "https://github.com/MicrosoftDocs/azure-docs/blob/main/articles/healthcare-apis/azure-api-for-fhir/register-resource-azure-ad-client-app.md",
    ...inAYear,
  },
  dicomDataReader: {
    what: "Azure role DICOM Data Reader",
    value: "e89c7a3c-2f64-4fa1-a847-3e4c9ba4283a",
    source: builtInRoles,
    ...inAYear,
  },
  dicomDataOwner: {
    what: "Azure role DICOM Data Owner",
    value: "58a3b984-7adf-4c20-983a-32417c86fbc8",
    source: builtInRoles,
    ...inAYear,
  },
  accessAdministrator: {
    what: "Azure role Role Based Access Control Administrator",
    value: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    source: builtInRoles,
    ...inAYear,
  },
  graphClientId: {
    what: "Client id of Microsoft Graph",
    value: "00000003-0000-0000-c000-000000000000",
    source:
      "https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in",
    ...inAYear,
  },
  exchangeAudience: {
    what: "Audience of federated credentials in the public cloud",
    value: "api://AzureADTokenExchange",
    source: federation,
    ...inAYear,
  },
  exchangeAudienceUsGovernment: {
    what: "Audience of federated credentials in Azure US Government",
    value: "api://AzureADTokenExchangeUSGov",
    source: federation,
    ...inAYear,
  },
  exchangeAudienceChina: {
    what: "Audience of federated credentials in Azure China",
    value: "api://AzureADTokenExchangeChina",
    source: federation,
    ...inAYear,
  },
  longestSecretDays: {
    what: "Longest life of a client secret that the Azure portal offers, in days",
    value: 730,
    source: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
    ...inHalfAYear,
  },
  objectsOfAnIdentity: {
    what: "Objects that an identity without an administrator's role may create, deleted ones that can be restored included",
    value: 250,
    source: entraLimits,
    ...inHalfAYear,
  },
  valuesInAFilter: {
    what: "Values that Microsoft Graph takes in one `in` of a filter",
    value: 15,
    source: "https://learn.microsoft.com/graph/filter-query-parameter",
    ...inHalfAYear,
  },
  azureDevOpsIssuerEndsOn: {
    what: "Day on which the issuer https://vstoken.dev.azure.com of Azure DevOps retires",
    value: "2027-07-01",
    source: "learn.microsoft.com, Azure DevOps workload identity issuer",
    ...inHalfAYear,
  },
} as const satisfies Readonly<Record<string, OutsideFact>>;

/** The facts whose source is to be read again on a day. */
export function overdueFacts<Fact extends Pick<OutsideFact, "lookAgainOn">>(
  facts: readonly Fact[],
  today: string,
): readonly Fact[] {
  return facts.filter(({ lookAgainOn }) => lookAgainOn <= today);
}

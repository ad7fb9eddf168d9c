import { z } from "zod";
import { quote } from "./argumentTypes";
import type { DicomServiceClientArgs } from "./clientArgs";
import type { Problem } from "./problem";
import { runsOnFields } from "./runsOn";

/** The argument that leaves the application out. */
export const noApplicationFields = {
  application: z
    .literal("none", {
      error: ({ input }) => `${quote(input)} is not a valid value; write none, or omit the key`,
    })
    .exactOptional()
    .meta({
      description:
        "`none` gives the Azure roles straight to the managed identity that `runsOn` names, with its `clientId`. The client has nothing then that belongs to an application.",
      absent: "the client has an application",
      examples: ["none"],
      source:
        "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-assign-access-azure-resource",
    }),
};

/** A managed identity that is a client by itself. All ids are in lower case. */
export interface ManagedIdentity {
  readonly tenantId: string;
  /** Object id of its service principal. */
  readonly principalId: string;
  readonly clientId: string;
}

/** The managed identity that a client is. Undefined of one that has an application. */
export function managedIdentityOf({
  application,
  runsOn,
}: Pick<DicomServiceClientArgs, "application" | "runsOn">): ManagedIdentity | undefined {
  const { tenantId, principalId, clientId } = runsOn?.managedIdentity ?? {};
  return application !== "none" ||
    tenantId === undefined ||
    principalId === undefined ||
    clientId === undefined
    ? undefined
    : {
        tenantId: tenantId.toLowerCase(),
        principalId: principalId.toLowerCase(),
        clientId: clientId.toLowerCase(),
      };
}

/** The command that lists the user-assigned identities with the ids that `runsOn.managedIdentity` takes. */
export const identitiesCommand =
  'az identity list --query "[].{id: id, tenantId: tenantId, principalId: principalId, clientId: clientId}"';

/** What only an application, or its service principal, can have. */
const ofApplication = [
  "description",
  "owners",
  "serviceManagementReference",
  "permissions",
  "secret",
  "certificates",
  "federatedCredentials",
  "vault",
];

/** What does not go together with having no application, or only with that; looks only at what has the right type. */
export function noApplicationProblems(client: Readonly<Record<string, unknown>>): Problem[] {
  const { application, consent, access } = client;
  const { data: places } = runsOnFields.runsOn.safeParse(client["runsOn"]);
  const identity = places?.managedIdentity;
  if (application === undefined) {
    return identity?.clientId === undefined
      ? []
      : [
          {
            path: ["runsOn", "managedIdentity", "clientId"],
            message:
              "is for a client without an application: consumers sign in with the application's own client id; remove it, or add application: none",
          },
        ];
  }
  if (application !== "none") return [];
  const remedy = "needs an application; remove it, or remove application: none";
  const others = Object.keys(places ?? {}).filter((place) => place !== "managedIdentity");
  return [
    ...ofApplication
      .filter((key) => client[key] !== undefined)
      .map((key): Problem => ({ path: [key], message: remedy })),
    ...(consent === undefined || consent === "none" ? [] : [{ path: ["consent"], message: remedy }]),
    ...others.map((place): Problem => ({ path: ["runsOn", place], message: remedy })),
    ...(client["runsOn"] === undefined || (places !== undefined && identity === undefined)
      ? [
          {
            path: ["application"],
            message:
              "is none, so the roles need a managed identity; name it under runsOn.managedIdentity, or remove application: none",
          },
        ]
      : []),
    ...(identity !== undefined && identity.clientId === undefined
      ? [
          {
            path: ["runsOn", "managedIdentity", "clientId"],
            message:
              "is missing; consumers of a client without an application need it. Look it up by az identity show",
          },
        ]
      : []),
    ...(access === undefined || (Array.isArray(access) && access.length === 0)
      ? [
          {
            path: ["access"],
            message: "is missing; a client without an application consists of its Azure roles alone",
          },
        ]
      : []),
  ];
}

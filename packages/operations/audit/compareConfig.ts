import {
  type CalendarDay,
  certificateEndDate,
  certificateKey,
  type ClientConfig,
  defaultConsent,
  endDateOf,
  formatPath,
  permissionRequests,
  planSecrets,
  type SecretGeneration,
} from "dicom-service-client/model";
import { declaredAccess } from "../project/configuredAccess";
import { configuredFederation, federationKey } from "../project/configuredFederation";
import type { DeclaredClient } from "../project/declaration";
import type { DeployedClient } from "../project/deployedClient";
import type { Reading } from "../cloud/coverage";
import { inspectBeforeDelete } from "../cloud/inspectBeforeDelete";
import { isSameId } from "./canonical";
import type { Comparison } from "./comparison";
import { rules, type Severity } from "./rules";
import type { Finding } from "./finding";
import { declaredOwners } from "./owners";
import { apiOfClientId, apiOfPrincipal } from "./liveTenant";

/** What is written but not deployed, and what the state does not have of it. When a secret is due is left to the schedule. */
export function compareConfig(comparison: Comparison): Finding[] {
  const { client, declaration, deployed, found, redeploy } = comparison;
  const { config, name } = client;
  if (!config) {
    return [
      found({
        rule: "client-not-declared",
        side: "config",
        object: deployed.urn,
        detail: "The configuration no longer declares it.",
        next: inspectBeforeDelete(`pulumi preview --diff --stack ${declaration.stack}`, redeploy),
      }),
    ];
  }
  return [
    ...missingParts(comparison, config).map(({ key, detail }) =>
      found({
        rule: "part-not-deployed",
        side: "state",
        object: formatPath(["clients", name, key]),
        detail,
        next: redeploy,
      }),
    ),
    ...[
      ...pendingChanges(client, config, deployed, comparison),
      ...pendingPermissions(comparison, config),
    ].map(({ key, detail, untilThen }) =>
      found({
        rule: "change-pending",
        ...(untilThen === undefined ? {} : { severity: untilThen }),
        side: "config",
        object: formatPath(["clients", name, key]),
        detail:
          untilThen === undefined
            ? detail
            : `${detail} Until then it counts; a refresh may have taken it into the state after a change by hand.`,
        next: redeploy,
      }),
    ),
  ];
}

/** What an update would change. */
interface PendingChange {
  readonly key: string;
  readonly detail: string;
  /**
   * How bad it is that somebody can still sign in with what is to go, or that the client gets something by it: as bad as if the state
   * did not have it, since a refresh takes over what was done by hand. Undefined when nothing of the kind is to go.
   */
  readonly untilThen?: Severity;
}

/** Parts that every deployment of this configuration has, and this state has not. */
function missingParts({ deployed, live, asOf }: Comparison, config: ClientConfig): PendingChange[] {
  const whereabouts = (what: Reading<{ readonly id: string } | "absent">): string => {
    if (what === undefined) return "Whether it is in the tenant could not be read.";
    return what.value === "absent" ? "Nor is it in the tenant." : `It lives as ${what.value.id}.`;
  };
  if (deployed.isManagedIdentity) return [];
  const previous = config.secret && planSecrets(config.secret, asOf).previous;
  const isThere = (generation: SecretGeneration): boolean =>
    deployed.secrets.some(({ slot, endsAt }) => slot === generation.slot && endsAt === endDateOf(generation));
  return [
    ...(deployed.application === undefined
      ? [
          {
            key: "application",
            detail: `The application is not in the state. ${whereabouts(live.application)}`,
          },
        ]
      : []),
    ...(deployed.servicePrincipal === undefined
      ? [
          {
            key: "servicePrincipal",
            detail: `The service principal is not in the state. ${whereabouts(live.servicePrincipal)}`,
          },
        ]
      : []),
    ...(previous !== undefined && !isThere(previous)
      ? [
          {
            key: "secret",
            detail: `The secret of slot ${previous.slot}, which is valid until ${endDateOf(previous)}, is not in the state.`,
          },
        ]
      : []),
    ...(config.vault !== undefined && deployed.vaultSecrets.length === 0
      ? [{ key: "vault", detail: "The secret in the key vault is not in the state." }]
      : []),
  ];
}

/** What the configuration asks of APIs, against what was deployed: by names, as far as the tenant says what they stand for. */
function pendingPermissions(
  { declaration, deployed, tenant }: Comparison,
  config: ClientConfig,
): PendingChange[] {
  // All of them come with the application.
  if (deployed.isManagedIdentity) return [];
  const requests = permissionRequests(declaration.api, config.permissions ?? []);
  const isManaged = (config.consent ?? defaultConsent) === "managed";
  const wanted = requests.flatMap(({ clientId, scopes, roles }) => [
    ...scopes.map((scope) => `Scope ${scope} of ${clientId.toLowerCase()}`),
    ...roles.map((role) => `Role ${role} of ${clientId.toLowerCase()}`),
  ]);
  const requested = (deployed.application?.requiredAccess ?? []).flatMap(({ api: clientId, permissions }) => {
    const api = apiOfClientId(tenant, clientId);
    return permissions.map(({ id, type }) => {
      const names = type === "Scope" ? api?.scopeNames : api?.roleNames;
      return `${type} ${names?.[id.toLowerCase()] ?? id} of ${clientId.toLowerCase()}`;
    });
  });
  const apiName = (resourceId: string): string => apiOfPrincipal(tenant, resourceId)?.appId ?? resourceId;
  const granted = [
    ...deployed.consents.flatMap(({ resourceId, scopes }) =>
      scopes.map((scope) => `Scope ${scope} of ${apiName(resourceId)}`),
    ),
    ...deployed.appRoles.map(
      ({ resourceId, appRoleId }) =>
        `Role ${apiOfPrincipal(tenant, resourceId)?.roleNames[appRoleId.toLowerCase()] ?? appRoleId} of ${apiName(resourceId)}`,
    ),
  ];
  return [
    // What it asks for gives it nothing; what is consented to does.
    ...(deployed.application === undefined
      ? []
      : setChange("permissions", wanted, requested).map(({ key, detail }) => ({ key, detail }))),
    ...setChange("consent", isManaged ? wanted : [], granted, (removed) =>
      removed.some((one) => one.startsWith("Role "))
        ? rules["app-role-undeclared"].severity
        : rules["consent-undeclared"].severity,
    ),
  ];
}

function setChange(
  key: string,
  declared: readonly string[],
  there: readonly string[],
  untilThen: (removed: readonly string[]) => Severity = () => "high",
): PendingChange[] {
  const added = declared.filter((one) => !there.includes(one));
  const removed = there.filter((one) => !declared.includes(one));
  return added.length + removed.length === 0
    ? []
    : [
        {
          key,
          detail: [
            ...added.map((one) => `To be added: ${one}.`),
            ...removed.map((one) => `To be removed: ${one}.`),
          ].join(" "),
          ...(removed.length === 0 ? {} : { untilThen: untilThen(removed) }),
        },
      ];
}

function pendingChanges(
  client: DeclaredClient,
  config: ClientConfig,
  deployed: DeployedClient,
  { declaration: { api, asOf }, deployer }: Comparison,
): PendingChange[] {
  const { application } = deployed;
  const texts = (["displayName", "description", "serviceManagementReference"] as const).flatMap(
    (key): PendingChange[] =>
      application === undefined || (config[key] ?? "") === application[key]
        ? []
        : [
            {
              key,
              detail: `${key} should be ${JSON.stringify(config[key] ?? "")} instead of ${JSON.stringify(application[key])}.`,
            },
          ],
  );
  const sets: readonly [key: string, declared: readonly string[], there: readonly string[]][] = [
    [
      "access",
      declaredAccess(client).map(({ scope, roleId }) => `${scope.id} ${roleId}`.toLowerCase()),
      deployed.azureRoles.map(({ scope, roleId }) => `${scope} ${roleId}`.toLowerCase()),
    ],
    [
      "certificates",
      (config.certificates ?? []).map((certificate) => {
        const { name } = certificate;
        const isNamedAlone = deployed.certificates.some(({ key }) => key === name);
        return `${isNamedAlone ? name : certificateKey(certificate)} until ${certificateEndDate(certificate)}`;
      }),
      deployed.certificates.map(({ key, endsAt }) => `${key} until ${endsAt}`),
    ],
  ];
  if (deployed.isManagedIdentity && config.application !== "none") {
    return [
      {
        key: "application",
        detail:
          "The client gets an application, which its consumers sign in as from then on; the managed identity loses the roles.",
        untilThen: "high",
      },
    ];
  }
  const identity = config.runsOn?.managedIdentity;
  const holder = deployed.servicePrincipalId;
  const vaultSecrets = deployed.vaultSecrets.map(vaultSecretOf);
  const vault = config.vault && vaultSecretOf(`${config.vault.id}/secrets/${config.vault.secretName}`);
  return [
    ...(application === undefined || config.application !== "none"
      ? texts
      : [
          {
            key: "application",
            detail: "The application is to be deleted, with everything that somebody can sign in with.",
            untilThen: "high" as const,
          },
        ]),
    ...(identity === undefined || holder === undefined || isSameId(identity.principalId, holder)
      ? []
      : [
          {
            key: "runsOn",
            detail: `The roles go from ${holder} to the managed identity ${identity.principalId}.`,
            untilThen: "high" as const,
          },
        ]),
    ...owners(config, deployed, deployer),
    ...sets.flatMap(([key, declared, there]) => setChange(key, declared, there)),
    ...setChange(
      "federatedCredentials",
      configuredFederation(config, api.loginUrl).map(federationKey),
      deployed.federatedCredentials.map(federationKey),
      () => rules["federated-credential-undeclared"].severity,
    ),
    // That there is none yet is a part that is missing.
    ...(vaultSecrets.length === 0
      ? []
      : setChange("vault", vault === undefined ? [] : [vault], vaultSecrets)),
    ...secretChanges(config, deployed, asOf),
  ];
}

/** A secret of a key vault by its names, in the letter case that Azure compares in: the resource group may be written in any. */
function vaultSecretOf(id: string): string {
  return id.toLowerCase().replace(/^.*\/(?=vaults\/)/, "");
}

/** What of secrets does not hang on the schedule: whether there are to be any, and how often they were reissued. */
function secretChanges(
  { secret }: ClientConfig,
  { secrets }: DeployedClient,
  asOf: CalendarDay,
): PendingChange[] {
  const key = "secret";
  if (secret === undefined) {
    return secrets.length === 0 ? [] : [{ key, detail: "The secrets will be removed.", untilThen: "high" }];
  }
  const reissue = String(secret.reissue ?? 0);
  const { current, previous } = planSecrets(secret, asOf);
  const retired =
    secret.retired === undefined || previous !== undefined
      ? undefined
      : secrets.find(({ slot, endsAt }) => slot !== current.slot && Date.parse(endsAt) > asOf * 86_400_000);
  if (retired) {
    return [
      { key, detail: `The retired secret of slot ${retired.slot} is to be removed.`, untilThen: "high" },
    ];
  }
  return secrets.some((one) => one.reissue !== "" && one.reissue !== reissue)
    ? [{ key, detail: `The secrets will be reissued (reissue ${reissue}).` }]
    : [];
}

/** The deploying identity is always an owner. */
function owners(
  config: ClientConfig,
  { application, servicePrincipal }: DeployedClient,
  deployer: string | undefined,
): PendingChange[] {
  const key = "owners";
  const declared = [...declaredOwners(config), ...(deployer === undefined ? [] : [deployer])];
  const there = [application, servicePrincipal].flatMap((one) => (one ? [one.owners] : []));
  const added = declared.filter((owner) => there.some((ofOne) => !ofOne.includes(owner)));
  const removed = [...new Set(there.flat())].filter((owner) => !declared.includes(owner));
  return added.length + removed.length === 0
    ? []
    : [
        {
          key,
          detail: [
            ...(added.length === 0 ? [] : [`To be added: ${added.join(", ")}.`]),
            ...(removed.length === 0
              ? []
              : [
                  `To be removed: ${deployer === undefined ? `all but the deploying identity of ` : ""}${removed.join(", ")}.`,
                ]),
          ].join(" "),
          ...(removed.length === 0 ? {} : { untilThen: rules["owner-undeclared"].severity }),
        },
      ];
}

import {
  type CalendarDay,
  certificateEndDate,
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
import type { Comparison } from "./comparison";
import type { Finding } from "./finding";
import { apiOfClientId, apiOfPrincipal, withLists } from "./liveTenant";

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
    ...missingParts(comparison, config).map(([key, detail]) =>
      found({
        rule: "part-not-deployed",
        side: "state",
        object: formatPath(["clients", name, key]),
        detail,
        next: redeploy,
      }),
    ),
    ...[
      ...pendingChanges(client, config, deployed, declaration.api.loginUrl, declaration.asOf),
      ...pendingPermissions(comparison, config),
    ].map(([key, detail]) =>
      found({
        rule: "change-pending",
        side: "config",
        object: formatPath(["clients", name, key]),
        detail,
        next: redeploy,
      }),
    ),
  ];
}

/** Parts that every deployment of this configuration has, and this state has not. */
function missingParts(
  { deployed, live, asOf }: Comparison,
  config: ClientConfig,
): [key: string, detail: string][] {
  const whereabouts = (what: Reading<{ readonly id: string } | "absent">): string => {
    if (what === undefined) return "Whether it is in the tenant could not be read.";
    return what.value === "absent" ? "Nor is it in the tenant." : `It lives as ${what.value.id}.`;
  };
  const previous = config.secret && planSecrets(config.secret, asOf).previous;
  const isThere = (generation: SecretGeneration): boolean =>
    deployed.secrets.some(({ slot, endsAt }) => slot === generation.slot && endsAt === endDateOf(generation));
  return [
    ...(deployed.application === undefined
      ? [
          ["application", `The application is not in the state. ${whereabouts(live.application)}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...(deployed.servicePrincipal === undefined
      ? [
          [
            "servicePrincipal",
            `The service principal is not in the state. ${whereabouts(live.servicePrincipal)}`,
          ] as [string, string],
        ]
      : []),
    ...(previous !== undefined && !isThere(previous)
      ? [
          [
            "secret",
            `The secret of slot ${previous.slot}, which is valid until ${endDateOf(previous)}, is not in the state.`,
          ] as [string, string],
        ]
      : []),
    ...(config.vault !== undefined && !deployed.hasVaultSecret
      ? [["vault", "The secret in the key vault is not in the state."] as [string, string]]
      : []),
  ];
}

/** What the configuration asks of APIs, against what was deployed: by names, as far as the tenant says what they stand for. */
function pendingPermissions(
  { declaration, deployed, tenant }: Comparison,
  config: ClientConfig,
): [key: string, detail: string][] {
  const requests = permissionRequests(declaration.api, config.permissions?.map(withLists) ?? []);
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
  const apiName = (resourceId: string): string =>
    apiOfPrincipal(tenant, resourceId)?.appId.toLowerCase() ?? resourceId;
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
    ...(deployed.application === undefined ? [] : setChange("permissions", wanted, requested)),
    ...setChange("consent", isManaged ? wanted : [], granted),
  ];
}

function setChange(
  key: string,
  declared: readonly string[],
  there: readonly string[],
): [key: string, detail: string][] {
  const added = declared.filter((one) => !there.includes(one));
  const removed = there.filter((one) => !declared.includes(one));
  return added.length + removed.length === 0
    ? []
    : [
        [
          key,
          [
            ...added.map((one) => `To be added: ${one}.`),
            ...removed.map((one) => `To be removed: ${one}.`),
          ].join(" "),
        ],
      ];
}

function pendingChanges(
  client: DeclaredClient,
  config: ClientConfig,
  deployed: DeployedClient,
  loginUrl: string,
  asOf: CalendarDay,
): [key: string, detail: string][] {
  const { application } = deployed;
  const texts = (["displayName", "description", "serviceManagementReference"] as const).flatMap(
    (key): [string, string][] =>
      application === undefined || (config[key] ?? "") === application[key]
        ? []
        : [
            [
              key,
              `${key} should be ${JSON.stringify(config[key] ?? "")} instead of ${JSON.stringify(application[key])}.`,
            ],
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
      (config.certificates ?? []).map(
        ({ name, pem, expiresOn }) =>
          `${name} until ${certificateEndDate({ name, pem, ...(expiresOn === undefined ? {} : { expiresOn }) })}`,
      ),
      deployed.certificates.map(({ name, endsAt }) => `${name} until ${endsAt}`),
    ],
    [
      "federatedCredentials",
      configuredFederation(config, loginUrl).map(federationKey),
      deployed.federatedCredentials.map(federationKey),
    ],
  ];
  return [
    ...texts,
    ...owners(config, deployed),
    ...sets.flatMap(([key, declared, there]) => setChange(key, declared, there)),
    ...secretChanges(config, deployed, asOf),
  ];
}

/** What of secrets does not hang on the schedule: whether there are to be any, and how often they were reissued. */
function secretChanges(
  { secret }: ClientConfig,
  { secrets }: DeployedClient,
  asOf: CalendarDay,
): [string, string][] {
  if (secret === undefined) {
    return secrets.length === 0 ? [] : [["secret", "The secrets will be removed."]];
  }
  const reissue = String(secret.reissue ?? 0);
  const { current, previous } = planSecrets(secret, asOf);
  const retired =
    secret.retired === undefined || previous !== undefined
      ? undefined
      : secrets.find(({ slot, endsAt }) => slot !== current.slot && Date.parse(endsAt) > asOf * 86_400_000);
  if (retired) return [["secret", `The retired secret of slot ${retired.slot} is to be removed.`]];
  return secrets.some((one) => one.reissue !== "" && one.reissue !== reissue)
    ? [["secret", `The secrets will be reissued (reissue ${reissue}).`]]
    : [];
}

/** The deploying identity is always an owner, whom the configuration does not name. */
function owners(config: ClientConfig, { application }: DeployedClient): [string, string][] {
  if (!application) return [];
  const missing = (config.owners ?? [])
    .map((owner) => owner.toLowerCase())
    .filter((owner) => !application.owners.includes(owner));
  const others = application.owners.length - ((config.owners ?? []).length - missing.length);
  return missing.length === 0 && others <= 1
    ? []
    : [["owners", missing.length > 0 ? `To be added: ${missing.join(", ")}.` : "An owner will be removed."]];
}

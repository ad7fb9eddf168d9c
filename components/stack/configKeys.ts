import { isMapping } from "./mapping";
import { similarTo, unknownKeyMessage, type Problem } from "../problem";

/**
 * The key as Pulumi reads it, `<namespace>:<name>`. The project's name may be left out before its own keys, and an older form
 * has `config` between the two.
 */
function canonicalKey(written: string, project: string): string {
  const parts = written.split(":");
  const [namespace, name] = parts.length === 1 ? [project, written] : [parts[0], parts.at(-1)];
  return `${namespace ?? ""}:${name ?? ""}`;
}

/** The name of a key of the project's own, which people may write without the project's name. */
function withoutProject(key: string, project: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

/**
 * Keys that one file writes more than once, in different spellings. Pulumi uses one of them, either one, and drops the others
 * before the program is run: what only the dropped one declares would be deleted.
 *
 * @param keys the keys as they are written.
 * @param file where, for the message.
 */
export function repeatedKeyProblems(keys: readonly string[], project: string, file: string): Problem[] {
  const spellings = new Map<string, string[]>();
  for (const written of keys) {
    const key = canonicalKey(written, project);
    spellings.set(key, [...(spellings.get(key) ?? []), written]);
  }
  return [...spellings].flatMap(([key, written]) =>
    written.length === 1
      ? []
      : [
          {
            path: [withoutProject(key, project)],
            message: `stands in ${file} as ${written.join(" and as ")}, which are the same key; Pulumi uses one and ignores the other, along with whatever only that one declares. Merge them into ${key}`,
          },
        ],
  );
}

/**
 * Keys of the configuration that stand beside `config` instead of under it: Pulumi reads nothing there, and says nothing.
 *
 * @param keys those at the top of the file.
 * @param known the names of the project's own keys.
 * @param file where, for the message.
 */
export function misplacedKeyProblems(
  keys: readonly string[],
  project: string,
  known: readonly string[],
  file: string,
): Problem[] {
  return keys.flatMap((written) => {
    const [namespace = "", name = ""] = canonicalKey(written, project).split(":");
    const isOurs = namespace === project ? known.includes(name) : Object.hasOwn(providerKeys, namespace);
    return isOurs
      ? [
          {
            path: [withoutProject(written, project)],
            message: `stands beside config in ${file}, where Pulumi does not read it; indent it, so that it stands under config`,
          },
        ]
      : [];
  });
}

/** What the engine reads of every provider's keys. */
const engineKeys = ["pluginDownloadURL", "version"];

/** The keys that the providers read, by the namespaces in which they stand. Their SDKs have the same, but take seconds to load. */
export const providerKeys: Readonly<Record<string, readonly string[]>> = {
  azuread: [
    "adoPipelineServiceConnectionId",
    "clientCertificate",
    "clientCertificatePassword",
    "clientCertificatePath",
    "clientId",
    "clientIdFilePath",
    "clientSecret",
    "clientSecretFilePath",
    "disableTerraformPartnerId",
    "environment",
    "metadataHost",
    "msiEndpoint",
    "oidcRequestToken",
    "oidcRequestUrl",
    "oidcToken",
    "oidcTokenFilePath",
    "partnerId",
    "tenantId",
    "useAksWorkloadIdentity",
    "useCli",
    "useMsi",
    "useOidc",
    ...engineKeys,
  ],
  "azure-native": [
    "auxiliaryTenantIds",
    "clientCertificatePassword",
    "clientCertificatePath",
    "clientId",
    "clientSecret",
    "disableInstanceDiscovery",
    "disablePulumiPartnerId",
    "environment",
    "location",
    "metadataHost",
    "msiEndpoint",
    "oidcRequestToken",
    "oidcRequestUrl",
    "oidcToken",
    "oidcTokenFilePath",
    "partnerId",
    "subscriptionId",
    "tenantId",
    "useDefaultAzureCredential",
    "useMsi",
    "useOidc",
    ...engineKeys,
  ],
};

/**
 * Keys that nothing reads: those of the project and of its providers that these do not know, and those under a name that the project
 * does not have any more, or that is a misspelt one. Other namespaces belong to whoever reads them.
 *
 * @param config the whole configuration, values by keys as `<namespace>:<name>`.
 * @param known the names of the project's own keys.
 */
export function unknownKeyProblems(
  config: Readonly<Record<string, string>>,
  project: string,
  known: readonly string[],
): Problem[] {
  const split = Object.entries(config).map(([key, value]) => {
    const [namespace = "", ...rest] = canonicalKey(key, project).split(":");
    return { namespace, name: rest.join(":"), value };
  });
  const formerProjects = new Set(
    split.flatMap(({ namespace, name, value }) =>
      name === "clients" && isClients(value) ? [namespace] : [],
    ),
  );
  return split.flatMap(({ namespace, name }): Problem[] => {
    if (namespace === project) {
      return known.includes(name) ? [] : [{ path: [name], message: unknownKeyMessage(name, known) }];
    }
    const path = [`${namespace}:${name}`];
    const read = Object.hasOwn(providerKeys, namespace) ? providerKeys[namespace] : undefined;
    if (read !== undefined) {
      return read.includes(name) ? [] : [{ path, message: unknownKeyMessage(name, read) }];
    }
    const meant = known.includes(name) ? name : similarTo(name, known);
    return meant !== undefined &&
      (formerProjects.has(namespace) || similarTo(namespace, [project]) !== undefined)
      ? [
          {
            path,
            message: `belongs to a project named ${namespace}, but this one is ${project}; write ${project}:${meant}`,
          },
        ]
      : [];
  });
}

/** Whether a value is what this project has under `clients`. Another program's may be a list, or anything else. */
function isClients(value: string): boolean {
  try {
    const clients: unknown = JSON.parse(value);
    return (
      isMapping(clients) &&
      Object.values(clients).some((client) => isMapping(client) && "displayName" in client)
    );
  } catch {
    return false;
  }
}

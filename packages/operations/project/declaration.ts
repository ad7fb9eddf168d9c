import {
  type CalendarDay,
  type ClientConfig,
  completeDicomApi,
  componentType,
  configKeys,
  type DicomApi,
  type Problem,
  readStackConfig,
  roleOwner,
  type StackConfig,
  stackFileProblems,
  unknownKeyProblems,
} from "dicom-service-client/model";
import { deployedClient, type DeployedClient } from "./deployedClient";
import { OperationError } from "../operationError";
import { readDeployedState, type DeployedResource } from "./deployedResource";
import { withConfiguredIdentity } from "./managedIdentity";
import type { ConfigValue, PulumiProject } from "./pulumiProject";
import { lastPart } from "./lastPart";

/** One client: as the configuration declares it, and as it was last deployed. */
export interface DeclaredClient {
  readonly name: string;
  /** Absent of a client that is in the state but not in the configuration any more. */
  readonly config?: ClientConfig;
  /** Absent of a client that has never been deployed. */
  readonly deployed?: DeployedClient;
  /** The client among those of all projects and stacks: whose the custom roles are that it brings along. */
  readonly roleOwner?: string;
}

/** Everything that a stack declares. */
export interface StackDeclaration {
  readonly stack: string;
  /** Sorted by name. */
  readonly clients: readonly DeclaredClient[];
  /** Everything in the state, what waits for its deletion included. */
  readonly resources: readonly DeployedResource[];
  readonly api: DicomApi;
  /** The UTC day that counts as today. */
  readonly asOf: CalendarDay;
  /** Object id in lower case of the identity that the configuration names as the deploying one. */
  readonly deployingIdentity?: string;
  /** Whether the configuration pins that day. */
  readonly asOfIsPinned: boolean;
  /** What the configuration says about the providers. */
  readonly providers: CloudSettings;
}

/** Settings of the providers, by which they find their cloud and tenant. */
export interface CloudSettings {
  readonly environment?: string;
  readonly metadataHost?: string;
  readonly tenantId?: string;
  readonly subscriptionId?: string;
}

/**
 * Reads what a stack declares: its configuration and its last deployed state.
 *
 * @throws ConfigError when the configuration is wrong, OperationError when the stack cannot be read
 */
export async function readDeclaration(
  source: Pick<PulumiProject, "name" | "stack" | "folder" | "config" | "exportedState">,
  env: NodeJS.ProcessEnv,
  now: Date,
): Promise<StackDeclaration> {
  const [config, state] = await bothSettled(source.config(), source.exportedState().then(readDeployedState));
  refuseOtherState(source, [...state.resources, ...state.awaitingDeletion]);
  const providers = providerSettings(config);
  const own = (key: string): ConfigValue | undefined => config[`${source.name}:${key}`];
  const asOf = own("asOf")?.value;
  const read: StackConfig = readStackConfig(
    {
      clients: structured(own("clients")),
      api: structured(own("api")),
      dicomService: own("dicomService")?.value,
      asOf,
      deployingIdentity: own("deployingIdentity")?.value,
      environment: providers.environment ?? env["ARM_ENVIRONMENT"],
      folder: source.folder,
      keyProblems: await keyProblems(source, config),
    },
    now,
  );
  const deployed = new Map(
    deployedComponents(state.resources).map((client) => [client.name, client] as const),
  );
  const names = [...new Set([...Object.keys(read.clients), ...deployed.keys()])].sort();
  return {
    stack: source.stack,
    clients: names.map((name) => {
      const ofConfig = Object.hasOwn(read.clients, name) ? read.clients[name] : undefined;
      const ofState = deployed.get(name);
      return {
        name,
        roleOwner: roleOwner(source.name, source.stack, name),
        ...(ofConfig === undefined ? {} : { config: ofConfig }),
        ...(ofState === undefined ? {} : { deployed: withConfiguredIdentity(ofState, ofConfig) }),
      };
    }),
    resources: [...state.resources, ...state.awaitingDeletion],
    api: completeDicomApi(read.api),
    asOf: read.asOf,
    ...(read.deployingIdentity === undefined ? {} : { deployingIdentity: read.deployingIdentity }),
    asOfIsPinned: asOf !== undefined && asOf !== "today",
    providers,
  };
}

/** @throws OperationError when the state is another stack's: nothing in it is what this stack has deployed. */
function refuseOtherState(
  { name: project, stack }: Pick<PulumiProject, "name" | "stack">,
  resources: readonly DeployedResource[],
): void {
  const start = `urn:pulumi:${lastPart(stack)}::${project}::`;
  const stranger = resources.find(({ urn }) => !urn.startsWith(start));
  if (stranger === undefined) return;
  throw new OperationError(`The state of the stack ${stack} is that of another stack or project.`, {
    cause: `It contains ${stranger.urn}, which does not start with ${start}`,
    cure: `Import the state of this stack: pulumi stack import --stack ${stack} --file <its export>. Until then, pulumi up would delete what the other one has deployed.`,
  });
}

/** What is wrong with the keys at the top of a stack's configuration, as its program would say it. */
export async function keyProblems(
  { folder, name, stack }: Pick<PulumiProject, "name" | "stack" | "folder">,
  config: Readonly<Record<string, ConfigValue>>,
): Promise<readonly Problem[]> {
  const texts = Object.entries(config).map(([key, { value = "" }]) => [key, value] as const);
  return [
    ...(await stackFileProblems({ folder, project: name, stack }, configKeys)),
    ...unknownKeyProblems(Object.fromEntries(texts), name, configKeys),
  ];
}

/** Waits for both, also when one fails, so that no Pulumi CLI is left running behind an error. */
export async function bothSettled<One, Other>(
  one: Promise<One>,
  other: Promise<Other>,
): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

function deployedComponents(resources: Parameters<typeof deployedClient>[1]): DeployedClient[] {
  return resources
    .filter(({ type }) => type === componentType)
    .map((component) => deployedClient(component, resources));
}

/** Values that are not plain text come as JSON, beside or instead of the text. */
export function structured(entry: ConfigValue | undefined): unknown {
  if (entry === undefined) return undefined;
  if (entry.objectValue !== undefined) return entry.objectValue;
  if (entry.value === undefined) return undefined;
  try {
    return JSON.parse(entry.value);
  } catch {
    return entry.value;
  }
}

/** What a stack's configuration says about the providers. */
export function providerSettings(config: Readonly<Record<string, ConfigValue>>): CloudSettings {
  const pick = (name: keyof CloudSettings, ...keys: readonly string[]): Partial<CloudSettings> => {
    const value = keys.map((key) => config[key]?.value).find((text) => text !== undefined && text !== "");
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...pick("environment", "azuread:environment", "azure-native:environment"),
    ...pick("metadataHost", "azuread:metadataHost", "azure-native:metadataHost"),
    ...pick("tenantId", "azuread:tenantId", "azure-native:tenantId"),
    ...pick("subscriptionId", "azure-native:subscriptionId"),
  };
}

import {
  type CalendarDay,
  type ClientConfig,
  completeDicomApi,
  componentType,
  type DicomApi,
  formatCalendarDay,
  isMapping,
  readStackConfig,
} from "dicom-service-client/model";
import {
  bothSettled,
  type CloudSettings,
  keyProblems,
  providerSettings,
  structured,
} from "../project/declaration";
import { deployedClient, type DeployedClient } from "../project/deployedClient";
import { readDeployedState, type DeployedResource } from "../project/deployedResource";
import type { PulumiProject } from "../project/pulumiProject";
import type { WrittenClient } from "./clientBlock";
import type { StackEntry } from "./rehearsal";

/** The stack that a registration is to be taken over into; it may declare no client yet. */
export interface AdoptionTarget {
  /** The project's name in Pulumi.yaml, which prefixes its config keys. */
  readonly projectName: string;
  /** The clients as they are written, by name. */
  readonly clients: Readonly<Record<string, unknown>>;
  /** All other entries of the configuration, by their full keys. */
  readonly entries: Readonly<Record<string, StackEntry>>;
  readonly api: DicomApi;
  /** The UTC day that counts as today. */
  readonly asOf: CalendarDay;
  readonly providers: CloudSettings;
  /** The subscription that the azure-native provider works in; absent when nothing names it. */
  readonly subscriptionId?: string;
  readonly resources: readonly DeployedResource[];
  readonly deployed: readonly DeployedClient[];
  /** Checks a client beside those that are declared. @throws ConfigError with every problem */
  readonly checked: (name: string, client: unknown) => ClientConfig;
}

/**
 * Reads the stack.
 *
 * @throws OperationError when it cannot be read, ConfigError when what it declares already is wrong
 */
export async function readTarget(
  project: PulumiProject,
  env: NodeJS.ProcessEnv,
  now: Date,
): Promise<AdoptionTarget> {
  const [config, { resources }] = await bothSettled(
    project.config(),
    project.exportedState().then(readDeployedState),
  );
  const own = (key: string): string => `${project.name}:${key}`;
  const written = structured(config[own("clients")]) ?? {};
  const clients = isMapping(written) ? written : {};
  const providers = providerSettings(config);
  const subscriptionId = providers.subscriptionId ?? env["ARM_SUBSCRIPTION_ID"];
  const ofKeys = await keyProblems(project, config);
  const check = (all: unknown): ReturnType<typeof readStackConfig> =>
    readStackConfig(
      {
        clients: all,
        api: structured(config[own("api")]),
        dicomService: config[own("dicomService")]?.value,
        asOf: config[own("asOf")]?.value,
        environment: providers.environment ?? env["ARM_ENVIRONMENT"],
        folder: project.folder,
        keyProblems: ofKeys,
      },
      now,
    );
  // A stack that declares no client yet is a good place for the first one, so one that stands for it is checked.
  const { api, asOf } = check(
    isMapping(written) && Object.keys(written).length === 0
      ? { first: { displayName: "first", credentials: "none" } }
      : written,
  );
  return {
    projectName: project.name,
    clients,
    entries: Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key !== own("clients"))
        .map(([key, entry]) => [key, { value: structured(entry), isSecret: entry.secret === true }]),
    ),
    api: completeDicomApi(api),
    asOf,
    providers,
    ...(subscriptionId === undefined || subscriptionId === "" ? {} : { subscriptionId }),
    resources,
    deployed: resources
      .filter(({ type }) => type === componentType)
      .map((component) => deployedClient(component, resources)),
    checked: (name, client) => {
      const found = check({ ...clients, [name]: client }).clients[name];
      if (!found) throw new RangeError(`the client ${name} is not among those that were checked`);
      return found;
    },
  };
}

/** The configuration of a rehearsal: the target's, with one client alone, on the same day. */
export function rehearsedConfig(
  target: AdoptionTarget,
  name: string,
  client: WrittenClient,
): Readonly<Record<string, StackEntry>> {
  return {
    ...target.entries,
    [`${target.projectName}:asOf`]: { value: formatCalendarDay(target.asOf), isSecret: false },
    [`${target.projectName}:clients`]: { value: { [name]: client }, isSecret: false },
  };
}

import { z } from "zod";
import { dicomServiceId } from "../access";
import { date, objectId, repeated } from "../argumentTypes";
import { type CalendarDay, calendarDayOf, parseCalendarDay } from "../calendarDate";
import { certificateExpiresOn, certificateName, certificatesMeaning } from "../certificates";
import type { DicomApiSettings } from "../clientArgs";
import { clientRuleProblems } from "../clientRules";
import { type clientSchema, clientFields } from "../clientSchema";
import { completeDicomApi, unpublishedElsewhere } from "../dicomApi";
import { apiFields, dicomApiSchema } from "../dicomApiSchema";
import { allFederatedCredentials } from "../federatedCredentials";
import { type ManagedIdentity, managedIdentityOf } from "../managedIdentity";
import { formatPath, type Problem, ProblemsError, problemsOf, read, under } from "../problem";
import { parseVaultId, vaultSecretKey } from "../vaultSecret";
import { blameFile, resolveCertificateFiles } from "./certificateFiles";
import { isMapping } from "./mapping";
import { withStackDicomService } from "./stackDicomService";

/** A client's name: part of resource names, so it keeps to what all of them allow. */
const clientNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,49}$/, {
  error:
    "a client's name has lower-case letters, digits and hyphens, starts with a letter and has at most 50 characters",
});

/** Configuration of one client, with the certificates that files hold and the federated credentials that follow from its place. */
export type ClientConfig = Omit<z.infer<typeof clientSchema>, "runsOn"> & {
  /** Of a client without an application alone. */
  readonly runsOn?: { readonly managedIdentity: ManagedIdentity };
  readonly formerNames?: readonly string[];
};

/** Value of `deployingIdentity` that leaves it to whoever is signed in. */
const signedInIdentity = "signed-in";

/** The stack's configuration, checked. */
export interface StackConfig {
  /** The clients by their names. */
  readonly clients: Readonly<Record<string, ClientConfig>>;
  /** The DICOM service's API, if it differs from the public cloud's. */
  readonly api: DicomApiSettings;
  /** The UTC day that counts as today. */
  readonly asOf: CalendarDay;
  /** Object id of the identity that deploys; absent when it is whoever is signed in. */
  readonly deployingIdentity?: string;
}

/** The stack's configuration as it was read: nothing about it is certain. */
export interface RawStackConfig {
  readonly clients: unknown;
  readonly api?: unknown;
  /** Resource id of the DICOM service for the `access` that names none; empty or nothing for none. */
  readonly dicomService?: string | undefined;
  /** A date, `today` or nothing. */
  readonly asOf?: string | undefined;
  /** An object id, {@link signedInIdentity} or nothing. */
  readonly deployingIdentity?: string | undefined;
  /** Cloud of the azuread provider. Default `public`. */
  readonly environment?: string | undefined;
  /** The project's folder, which names of files start from. Default: the working directory, as it is for the program. */
  readonly folder?: string;
  /** What is wrong with the keys at the top as they are written, see {@link unknownKeyProblems}. */
  readonly keyProblems?: readonly Problem[];
}

/** Thrown when the configuration is wrong; the message lists every problem with its path. */
export class ConfigError extends ProblemsError {
  constructor(problems: readonly Problem[]) {
    super("The configuration", problems);
  }
}

/** One client as it is written: certificates may be named by the files that hold them. */
const writtenClientSchema = z.strictObject({
  ...clientFields,
  certificates: z
    .array(
      z
        .strictObject({
          name: certificateName,
          file: z
            .string()
            .exactOptional()
            .meta({ description: "PEM file of the certificate, from the folder of Pulumi.yaml." }),
          pem: z.string().exactOptional().meta({ description: "Instead of a file: the certificate in PEM." }),
          expiresOn: certificateExpiresOn,
        })
        .superRefine(({ file, pem }, context) => {
          if ((file === undefined) === (pem === undefined)) {
            context.addIssue({ code: "custom", message: "needs either file or pem" });
          }
        }),
    )
    .exactOptional()
    .meta({ ...certificatesMeaning, examples: [[{ name: "gateway", file: "gateway.pem" }]] }),
  formerNames: z.array(clientNameSchema).exactOptional().meta({
    description: "Previous names of the client. They let you rename it without recreating anything.",
  }),
});

/** The shape of the whole configuration, for editors; its checks are those of {@link readStackConfig}. */
export const stackConfigSchema = z.strictObject({
  clients: z
    .record(clientNameSchema, writtenClientSchema)
    .meta({ description: "The clients by their names." }),
  ...apiFields,
  dicomService: dicomServiceId.or(z.literal("")).exactOptional().meta({
    description: "Resource id of the DICOM service for every access entry that names none.",
  }),
  asOf: date.or(z.literal("today")).exactOptional().meta({
    description: "The UTC day to treat as today, to make a run reproducible.",
    default: "today",
  }),
  deployingIdentity: objectId.or(z.literal(signedInIdentity)).exactOptional().meta({
    description:
      "Object id of the service principal that deploys. It lets other identities preview without showing a change of owners.",
    default: signedInIdentity,
  }),
});

/** The names of the project's keys. */
export const configKeys: readonly string[] = Object.keys(stackConfigSchema.shape);

/**
 * Checks the whole configuration.
 *
 * @param now the present instant, for `asOf: today`.
 * @throws ConfigError with every problem at once.
 */
export function readStackConfig(raw: RawStackConfig, now: Date): StackConfig {
  const dicomService = raw.dicomService === "" ? undefined : raw.dicomService;
  const ofDicomService = dicomService === undefined ? [] : problemsOf(dicomServiceId, dicomService);
  const asOf =
    raw.asOf === undefined || raw.asOf === "today" ? calendarDayOf(now) : parseCalendarDay(raw.asOf);
  const pinned = raw.deployingIdentity === signedInIdentity ? undefined : raw.deployingIdentity;
  const api = read(dicomApiSchema, raw.api ?? {});
  const clients = readClients(
    withStackDicomService(raw.clients, dicomService),
    completeDicomApi(api.value ?? {}).loginUrl,
    asOf,
    raw.folder ?? process.cwd(),
  );
  const problems = [
    ...(raw.keyProblems ?? []),
    ...(asOf === undefined ? under(["asOf"], problemsOf(date, raw.asOf)) : []),
    ...(pinned === undefined ? [] : under(["deployingIdentity"], problemsOf(objectId, pinned))),
    ...under(["api"], [...api.problems, ...cloudProblems(raw.api ?? {}, raw.environment ?? "public")]),
    ...under(["dicomService"], ofDicomService),
    // What is wrong with the stack's DICOM service is said once, not for every access that gets it.
    ...under(
      ["clients"],
      clients.problems.filter(
        ({ message }) => !ofDicomService.some((problem) => problem.message === message),
      ),
    ),
  ];
  if (problems.length > 0 || asOf === undefined || !api.value) {
    throw new ConfigError(problems);
  }
  return {
    clients: clients.value,
    api: api.value,
    asOf,
    ...(pinned === undefined ? {} : { deployingIdentity: pinned.toLowerCase() }),
  };
}

interface ReadClients {
  /** Those that have nothing wrong of their own. */
  readonly value: Readonly<Record<string, ClientConfig>>;
  readonly problems: readonly Problem[];
}

function readClients(
  clients: unknown,
  loginUrl: string,
  asOf: CalendarDay | undefined,
  folder: string,
): ReadClients {
  if (!isMapping(clients)) {
    return { value: {}, problems: problemsOf(z.record(z.string(), z.unknown()), clients) };
  }
  const entries = Object.entries(clients);
  if (entries.length === 0) {
    const message = "declares no client; add one under a name of your choice";
    return { value: {}, problems: [{ path: [], message }] };
  }
  const each = entries.map(([name, client]) => ({ name, ...readClient(client, loginUrl, asOf, folder) }));
  return {
    value: Object.fromEntries(each.flatMap(({ name, value }) => (value ? [[name, value]] : []))),
    problems: [
      ...each.flatMap(({ name, problems }) =>
        under([name], [...problemsOf(clientNameSchema, name), ...problems]),
      ),
      ...sharedDisplayNameProblems(entries),
      ...sharedVaultSecretProblems(entries),
      ...sharedIdentityProblems(entries),
      ...formerNameProblems(entries),
    ],
  };
}

function readClient(
  client: unknown,
  loginUrl: string,
  asOf: CalendarDay | undefined,
  folder: string,
): { readonly value?: ClientConfig; readonly problems: readonly Problem[] } {
  const { value: written, problems } = read(writtenClientSchema, client);
  if (!isMapping(client)) {
    return { problems };
  }
  const resolved = resolveCertificateFiles(client, folder);
  const broken =
    asOf === undefined
      ? []
      : clientRuleProblems(resolved.client, asOf).map((problem) => blameFile(client, problem));
  if (!written) {
    return { problems: [...problems, ...resolved.problems, ...broken] };
  }
  const { certificates, runsOn, ...others } = written;
  const managedIdentity = managedIdentityOf(runsOn ? { ...others, runsOn } : others);
  return {
    value: {
      ...others,
      // From here on what follows from a place, or from the lack of an application, is as good as written.
      ...(managedIdentity
        ? { runsOn: { managedIdentity }, consent: "none" as const }
        : runsOn && { federatedCredentials: [...allFederatedCredentials({ ...others, runsOn }, loginUrl)] }),
      ...(certificates && {
        certificates: certificates.map(({ file: _, pem, ...certificate }, index) => ({
          ...certificate,
          pem: pem ?? resolved.texts.get(index) ?? "",
        })),
      }),
    },
    problems: [...resolved.problems, ...broken],
  };
}

/**
 * What one client alone may have, and an earlier one has already.
 *
 * @param identityOf what a client has, however it is written; undefined of nothing.
 * @param path where a client has it.
 * @param message what is wrong with it, by the name of the earlier client.
 */
function sharedProblems(
  entries: readonly (readonly [string, unknown])[],
  identityOf: (client: Readonly<Record<string, unknown>>) => string | undefined,
  path: readonly string[],
  message: (other: string, client: unknown) => string,
): Problem[] {
  const identities = entries.map(([, client]) => (isMapping(client) ? identityOf(client) : undefined));
  return repeated(identities).map(({ index, first }) => {
    const [name, client] = entries[index] ?? ["", undefined];
    return { path: [name, ...path], message: message(entries[first]?.[0] ?? "", client) };
  });
}

/** Two clients of one display name could not be told apart, and Entra's check for duplicates would stop the second halfway. */
function sharedDisplayNameProblems(entries: readonly (readonly [string, unknown])[]): Problem[] {
  return sharedProblems(
    entries,
    ({ displayName }) => (typeof displayName === "string" ? displayName.trim().toLowerCase() : undefined),
    ["displayName"],
    (other, client) =>
      `${JSON.stringify(isMapping(client) ? client["displayName"] : "")} is already the name of ${formatPath(["clients", other])}; every client needs its own`,
  );
}

/** Two clients cannot share a Key Vault secret: the second would be refused half-way, or write over the first. */
function sharedVaultSecretProblems(entries: readonly (readonly [string, unknown])[]): Problem[] {
  return sharedProblems(
    entries,
    ({ vault }) => {
      const { id, secretName } = isMapping(vault) ? vault : {};
      const read = typeof id === "string" ? parseVaultId(id) : undefined;
      return read && typeof secretName === "string" ? vaultSecretKey(read, secretName) : undefined;
    },
    ["vault", "secretName"],
    (other) =>
      `is already the secret of ${formatPath(["clients", other, "vault"])}; every client needs its own`,
  );
}

/** What one client is given, another of the same identity has, too: neither would be what is declared of it. */
function sharedIdentityProblems(entries: readonly (readonly [string, unknown])[]): Problem[] {
  return sharedProblems(
    entries,
    ({ application, runsOn }) => {
      const place = isMapping(runsOn) ? runsOn["managedIdentity"] : undefined;
      const id = isMapping(place) ? place["principalId"] : undefined;
      return application === "none" && typeof id === "string" ? id.toLowerCase() : undefined;
    },
    ["runsOn", "managedIdentity", "principalId"],
    (other) =>
      `is already the identity of ${formatPath(["clients", other])}; put the access of both into one client`,
  );
}

/** Two clients cannot both be the one that had a name, and one that has it now is no other's past. */
function formerNameProblems(entries: readonly (readonly [string, unknown])[]): Problem[] {
  const names = entries.map(([name]) => name);
  const successors = new Map<unknown, string>();
  return entries.flatMap(([name, client]) => {
    const formerNames: unknown = isMapping(client) ? client["formerNames"] : undefined;
    return (Array.isArray(formerNames) ? formerNames : []).flatMap((former: unknown, index): Problem[] => {
      const other = successors.get(former) ?? name;
      successors.set(former, other);
      const message =
        former !== name && names.some((present) => present === former)
          ? `is the name of ${formatPath(["clients", String(former)])}, too; give that one another name, or remove this once the rename is deployed`
          : other !== name
            ? `is already a former name of ${formatPath(["clients", other])}; leave it to the client that was renamed`
            : undefined;
      return message === undefined ? [] : [{ path: [name, "formerNames", index], message }];
    });
  });
}

function cloudProblems(api: unknown, environment: string): Problem[] {
  if (environment === "public" || !isMapping(api)) {
    return [];
  }
  const missing = unpublishedElsewhere.filter((key) => api[key] === undefined);
  return missing.length === 0
    ? []
    : [
        {
          path: [],
          message: `Microsoft publishes no values for the DICOM service in the cloud ${JSON.stringify(environment)}; give ${missing.join(", ")}`,
        },
      ];
}

import { isDeepStrictEqual } from "node:util";
import {
  apiKey,
  certificateKey,
  childKey,
  childName,
  type ClientConfig,
  isGuid,
  isMapping,
  permissionClientId,
} from "dicom-service-client/model";
import { configuredAccess } from "../project/configuredAccess";
import { childTypes } from "../project/deployedClient";
import type { AdoptedId } from "./adoptedIds";
import type { WrittenClient } from "./clientBlock";
import { differenceCure } from "./differenceCure";
import { type Preview, type PreviewStep, resourceName, resourceType } from "./previewStep";
import { configKey, type StackFile } from "./stackFile";

/** Something that `pulumi up` would do to a live object that is taken over. */
export interface Difference {
  /** Name of the resource. */
  readonly resource: string;
  /** What `pulumi up` would do to it, such as `update`, `replace` or `delete`. */
  readonly operation: string;
  /** Property of the resource; null when it is about the whole of it. */
  readonly property: string | null;
  /** Path of the configuration that decides it; null when no key does. */
  readonly key: string | null;
  /** File and line of that key, or of the nearest key around it. */
  readonly file: string;
  readonly line: number;
  readonly live: unknown;
  readonly declared: unknown;
  /** What makes the two the same. */
  readonly cure: string;
}

/** What differences are worked out from. */
export interface DifferenceParts {
  readonly name: string;
  /** The client as the stack file has it. */
  readonly written: WrittenClient;
  /** The same with what follows from it, such as the credentials of `runsOn`. */
  readonly config: ClientConfig;
  readonly adopted: readonly AdoptedId[];
  /** The stack file with the client in it. */
  readonly stackFile: StackFile;
  /** Object id of the application. */
  readonly objectId: string;
  readonly clientId: string;
  /** Base address of the cloud's Microsoft Graph. */
  readonly graph: string;
}

const harmless = ["same", "refresh", "read", "read-replacement", "discard", "import"];

/** Everything that a preview would do to what is taken over. Empty when nothing. */
export function differences(preview: Preview, parts: DifferenceParts): readonly Difference[] {
  const found = preview.steps
    .filter(({ op, urn }) => !harmless.includes(op) && adoptedOf(urn, parts.adopted) !== undefined)
    .flatMap((step) => ofStep(step, parts));
  const distinct = new Map(
    found.map((one) => [`${one.resource}\n${one.property ?? ""}`, one] as const).reverse(),
  );
  // Of the steps of a replacement not each says why.
  const explained = new Set(found.flatMap(({ resource, property }) => (property === null ? [] : [resource])));
  return [...distinct.values()]
    .reverse()
    .filter(({ resource, property }) => property !== null || !explained.has(resource));
}

/** What a preview would write anew without changing what it means: lists in another order, an API's entries in one. */
export function rewrites(
  preview: Preview,
  { adopted }: DifferenceParts,
): readonly { readonly type: string; readonly name: string; readonly property: string }[] {
  return preview.steps
    .filter(({ op, urn }) => op === "update" && adoptedOf(urn, adopted) !== undefined)
    .flatMap((step) =>
      changedProperties(step)
        .filter((property) => isReordered(step, property))
        .map((property) => ({
          type: resourceType(step.urn),
          name: resourceName(step.urn),
          property,
        })),
    );
}

/** The names of what a preview would create, without the stack itself. */
export function creations(preview: Preview): readonly { readonly type: string; readonly name: string }[] {
  return preview.steps
    .filter(({ op, urn }) => op === "create" && resourceType(urn) !== "pulumi:pulumi:Stack")
    .map(({ urn }) => ({ type: resourceType(urn), name: resourceName(urn) }));
}

function adoptedOf(urn: string, adopted: readonly AdoptedId[]): AdoptedId | undefined {
  return adopted.find(({ type, name }) => type === resourceType(urn) && name === resourceName(urn));
}

/** The names of the properties that a step changes, sorted: what the engine names, or else the inputs that are not the same. */
function changedProperties({
  detailedDiff,
  diffReasons,
  replaceReasons,
  oldState,
  newState,
}: PreviewStep): readonly string[] {
  const [was, is] = [oldState?.inputs ?? {}, newState?.inputs ?? {}];
  const named = [
    Object.keys(detailedDiff ?? {}),
    [...(diffReasons ?? []), ...(replaceReasons ?? [])],
    oldState && newState
      ? Object.keys({ ...was, ...is }).filter(
          (name) =>
            !name.startsWith("__") &&
            !isDeepStrictEqual(withoutBridgeKeys(was[name]), withoutBridgeKeys(is[name])),
        )
      : [],
  ].find((paths) => paths.length > 0);
  return [...new Set((named ?? []).map((path) => path.split(/[.[]/)[0] ?? path))].sort();
}

/** Whether live and declared value hold the same, in whichever order. */
function isReordered(step: PreviewStep, property: string): boolean {
  const [live, declared] = [liveValue(step, property), declaredValue(step, property)].map((value) =>
    canonical(property === "requiredResourceAccesses" ? mergedAccesses(value) : value),
  );
  return Array.isArray(live) && isDeepStrictEqual(live, declared);
}

/** One entry for each API of which anything is asked. */
function mergedAccesses(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const byApi = new Map<string, unknown[]>();
  for (const entry of value as readonly unknown[]) {
    const { resourceAppId, resourceAccesses } = isMapping(entry) ? entry : {};
    const api = String(resourceAppId).toLowerCase();
    const accesses: readonly unknown[] = Array.isArray(resourceAccesses) ? resourceAccesses : [];
    if (accesses.length > 0) byApi.set(api, [...(byApi.get(api) ?? []), ...accesses]);
  }
  return [...byApi].map(([api, accesses]) => {
    const distinct = new Map(accesses.map((one) => [JSON.stringify(canonical(one)), one] as const));
    return { resourceAppId: api, resourceAccesses: [...distinct.values()] };
  });
}

/** A value with its lists sorted, its properties sorted and its ids in lower case. */
function canonical(value: unknown): unknown {
  if (typeof value === "string") return isGuid(value) ? value.toLowerCase() : value;
  if (Array.isArray(value)) {
    return (value as readonly unknown[])
      .map(canonical)
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, canonical(one)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function ofStep(step: PreviewStep, parts: DifferenceParts): readonly Difference[] {
  const adopted = adoptedOf(step.urn, parts.adopted);
  const changed = changedProperties(step);
  const names = step.op === "update" ? changed.filter((property) => !isReordered(step, property)) : changed;
  if (changed.length > 0 && names.length === 0) return [];
  const properties = names.length === 0 ? [null] : names;
  return properties.map((property) => {
    const path = configPath(step.urn, property, parts);
    const key = path === undefined ? null : configKey(parts.name, path);
    const live = property === null ? null : liveValue(step, property);
    const declared = property === null ? null : declaredValue(step, property);
    return {
      resource: resourceName(step.urn),
      operation: step.op,
      property,
      key,
      file: parts.stackFile.name,
      line: parts.stackFile.lineOf(parts.name, path ?? []),
      live,
      declared,
      cure: differenceCure({
        type: resourceType(step.urn),
        object: adopted?.object ?? "",
        property,
        live,
        declared,
        inputs: step.newState?.inputs ?? {},
        key: key ?? undefined,
        keyIsValue: valueKeys.has(path?.at(-1)),
        objectId: parts.objectId,
        clientId: parts.clientId,
        graph: parts.graph,
      }),
    };
  });
}

/** What the provider has read; null when it has read nothing. */
function liveValue({ oldState }: PreviewStep, property: string): unknown {
  return withoutBridgeKeys(oldState?.outputs[property] ?? oldState?.inputs[property] ?? null);
}

/** What the program says; null when it says nothing. */
function declaredValue({ newState }: PreviewStep, property: string): unknown {
  return withoutBridgeKeys(newState?.inputs[property] ?? newState?.outputs[property] ?? null);
}

/** A value without what the provider's bridge keeps in it for itself, such as `__defaults`. */
function withoutBridgeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map(withoutBridgeKeys);
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, one]) => [key, withoutBridgeKeys(one)] as const),
  );
}

const applicationKeys: Readonly<Record<string, string>> = {
  displayName: "displayName",
  description: "description",
  serviceManagementReference: "serviceManagementReference",
  owners: "owners",
  requiredResourceAccesses: "permissions",
};
const federatedKeys: Readonly<Record<string, string>> = {
  issuer: "issuer",
  subject: "subject",
  claimsMatchingExpression: "claimsMatchingExpression",
  audiences: "audience",
  audience: "audience",
  description: "description",
};
/** The keys whose values are those of the properties that they decide. */
const valueKeys: ReadonlySet<unknown> = new Set(
  [applicationKeys, federatedKeys].flatMap((keys) => Object.values(keys)),
);
const accessKeys: Readonly<Record<string, string>> = {
  roleDefinitionId: "role",
  roleAssignmentName: "assignmentName",
};

/** The key of a client that decides a property; undefined when none does. */
function configPath(
  urn: string,
  property: string | null,
  { name, written, config }: DifferenceParts,
): readonly (string | number)[] | undefined {
  const resource = resourceName(urn);
  const within = (
    list: string,
    index: number | undefined,
    keys: Readonly<Record<string, string>> = {},
  ): readonly (string | number)[] => {
    const key = keys[property ?? ""];
    return index === undefined || index < 0 ? [list] : [list, index, ...(key === undefined ? [] : [key])];
  };
  switch (resourceType(urn)) {
    case childTypes.application: {
      const key = applicationKeys[property ?? ""];
      return key === undefined ? undefined : [key];
    }
    case childTypes.servicePrincipal:
      return property === "owners" ? ["owners"] : undefined;
    case childTypes.consent:
    case childTypes.appRole: {
      const key = childKey(name, resourceType(urn) === childTypes.consent ? "consent" : "appRole", resource);
      return key === ""
        ? ["consent"]
        : within(
            "permissions",
            config.permissions?.findIndex(({ api }) => key.startsWith(apiKey(permissionClientId(api)))),
          );
    }
    case childTypes.certificate:
      return within(
        "certificates",
        config.certificates?.findIndex(
          (one) => resource === childName(name, "certificate", certificateKey(one)),
        ),
      );
    case childTypes.federated:
    case childTypes.flexible: {
      const list = written["federatedCredentials"];
      const index = (Array.isArray(list) ? (list as readonly unknown[]) : []).findIndex(
        (one) => isMapping(one) && resource === childName(name, "federatedCredential", String(one["name"])),
      );
      return index < 0 ? ["runsOn"] : within("federatedCredentials", index, federatedKeys);
    }
    case childTypes.azureRole:
      return within(
        "access",
        configuredAccess(config).findIndex(({ key }) => resource === `${name}-access-${key}`),
        accessKeys,
      );
    case childTypes.customRole:
      return within(
        "access",
        configuredAccess(config).findIndex(({ key }) => resource === childName(name, "customRole", key)),
      );
    default:
      return undefined;
  }
}

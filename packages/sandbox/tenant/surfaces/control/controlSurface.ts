import { param, type Answer, type Input } from "../../core/request";
import type { Faults } from "../../core/faults";
import {
  bindOperations,
  type BoundOperation,
  type Authorization,
  type Operation,
  type Surface,
} from "../../core/operation";
import { Refusal } from "../../core/refusal";
import type { RequestLog } from "../../core/requestLog";
import { isSameKey } from "../../core/sameKey";
import * as s from "../../core/bodySchema";
import { globalAdministrator } from "../../domain/directoryRoles";
import { firstPartyAppIds, firstPartyApplication } from "../../domain/firstPartyApplications";
import { parseInstant } from "../../domain/instants";
import { resourceProvider } from "../../domain/resourceProviders";
import { systemServicePrincipal } from "../../domain/servicePrincipals";
import { tenantSettings } from "../../domain/tenantSettings";
import { servicePrincipalByAppId } from "../../domain/directoryObjects";
import type { Directory } from "../../state/directory";
import { tokenLifetime } from "../accessTokens";
import { renderPlainRefusal, uncachedAnswer } from "../plainRenderer";
import type { Services } from "../services";
import { assertionLifetime, issuedAssertion } from "../login/issuedAssertion";
import { workloadClaims, workloadClouds, workloads } from "../login/workloadTokens";
import { placeEnvironments } from "../places/placesSurface";
import { count, faultInstruction } from "./faultInstruction";

/** What the control surface needs beyond the services of the others. */
export interface ControlServices extends Services {
  /** Sent as `Authorization: SandboxControl {key}`. */
  readonly controlKey: string;
  /** Names this run of the server. */
  readonly instance: string;
  readonly environment: () => Readonly<Record<string, string>>;
  readonly log: RequestLog;
  readonly faults: Faults;
  /** The operation table without this surface's own rows; faults may hit any of them. */
  readonly operations: () => readonly BoundOperation<Directory>[];
  /** Puts the tenant back as it was first made. */
  readonly reseed: (directory: Directory) => void;
  /** Client id under which the portal gets its tokens (the Azure portal's). */
  readonly portalAppId: string;
  readonly adminUserId: string;
  /** The clock that the tenant was started with, without the offset that this surface sets. */
  readonly untouchedNow: () => Date;
}

type ControlOperation = Operation<Directory, "controlKey", "owner">;

const amount = count(0, 0);
const tokenSchema = s.object({ resource: s.oneOf(["graph", "arm"]) }, ["resource"]);
const settingsSchema = s.object({
  dicomRoleCacheSeconds: amount,
  objectQuota: amount,
  directoryQuota: amount,
  contestedPermissions: s.oneOf(["strict", "lenient"]),
  signInReportDelaySeconds: amount,
});
const assertionSchema = s.object(
  { issuer: s.text, subject: s.text, audience: s.text, claims: s.textMap, lifetimeSeconds: amount },
  ["issuer", "subject"],
);
const workloadSchema = s.object(
  {
    workload: s.oneOf(workloads),
    cloud: s.oneOf(workloadClouds),
    repository: s.text,
    ownerId: s.text,
    repositoryId: s.text,
    environment: s.text,
    ref: s.text,
    organization: s.text,
    organizationId: s.text,
    project: s.text,
    connection: s.text,
    connectionId: s.text,
    lifetimeSeconds: amount,
  },
  ["workload"],
);
const clockSchema = s.object({ now: s.nullableText }, ["now"]);
const providerSchema = s.object({ registrationState: s.oneOf(["Registered", "NotRegistered"]) }, [
  "registrationState",
]);
const firstPartySchema = s.object({
  present: s.flag(true),
  servicePrincipalNames: s.nullable(s.list(s.text)),
  oauth2PermissionScopes: s.nullable(s.list(s.text)),
});

/**
 * What the owner of the sandbox may do to it from outside of any Microsoft protocol. Only those who can read the folder's control
 * key can use it.
 */
export function controlSurface(services: ControlServices): Surface<Directory> {
  const authorization: Authorization<Directory, "controlKey", "owner"> = {
    admit(_access, _directory, input) {
      const sent = /^SandboxControl (.+)$/.exec(input.headers.authorization ?? "")?.[1] ?? "";
      if (isSameKey(sent, services.controlKey)) return "owner";
      throw new Refusal({
        kind: "unauthenticated",
        code: "WrongControlKey",
        message: "The control key is wrong or missing.",
      });
    },
    label: () => "sandbox owner",
  };
  return {
    name: "control",
    operations: bindOperations(authorization, operations(services)),
    owns: (path) => path.startsWith("/_sandbox/"),
    render: renderPlainRefusal,
  };
}

function operations(services: ControlServices): readonly ControlOperation[] {
  const row = (
    id: string,
    method: ControlOperation["method"],
    path: string,
    effect: "read" | "write",
    handle: (directory: Directory, input: Input) => Answer | Promise<Answer>,
  ): ControlOperation => ({
    id: `control.${id}`,
    method,
    path: `/_sandbox/${path}`,
    access: "controlKey",
    effect,
    handle,
  });
  return [
    row("health", "GET", "health", "read", () =>
      uncachedAnswer({ instance: services.instance, pid: process.pid }),
    ),
    {
      ...row("environment", "GET", "environment", "read", () => uncachedAnswer(services.environment())),
      hidesAnswer: true,
    },
    {
      ...row("requests", "GET", "requests", "read", () => uncachedAnswer({ value: services.log.entries() })),
      hidesAnswer: true,
    },
    row("token", "POST", "token", "read", (directory, input) => adminToken(directory, input, services)),
    row("reset", "POST", "reset", "write", (directory) => {
      services.reseed(directory);
      return { status: 204 };
    }),
    row("clock.get", "GET", "clock", "read", (_directory, input) =>
      uncachedAnswer({ now: input.now.toISOString() }),
    ),
    row("clock.set", "PUT", "clock", "write", (directory, input) => setClock(directory, input, services)),
    row("settings.set", "PUT", "settings", "write", (directory, input) => {
      const { id, clockOffset, ...before } = tenantSettings(directory);
      directory.settings.put({ id, clockOffset, ...read(input, settingsSchema, before) });
      return { status: 204 };
    }),
    row("faults.list", "GET", "faults", "read", () => uncachedAnswer({ value: services.faults.all() })),
    row("faults.add", "POST", "faults", "read", (_directory, input) => {
      const request = read(input, faultInstruction);
      if (!services.operations().some((operation) => operation.id === request.operation)) {
        throw wrong(`There is no operation '${request.operation}' that a fault may hit.`);
      }
      return { status: 201, json: services.faults.add(request) };
    }),
    row("faults.clear", "DELETE", "faults", "read", () => {
      services.faults.clear();
      return { status: 204 };
    }),
    row("operations", "GET", "operations", "read", () =>
      uncachedAnswer({ value: services.operations().map(describe) }),
    ),
    row("providers.set", "PUT", "providers/{namespace}", "write", (directory, input) => {
      const provider = resourceProvider(directory, param(input, "namespace"));
      if (provider === undefined) throw wrong(`There is no resource provider ${param(input, "namespace")}.`);
      directory.resourceProviders.put({ ...provider, ...read(input, providerSchema) });
      return { status: 204 };
    }),
    row("places", "GET", "places", "read", (_directory, input) =>
      uncachedAnswer(placeEnvironments(input.base, services.controlKey)),
    ),
    row("assertion", "POST", "assertion", "read", (_directory, input) => issueAssertion(input, services)),
    row("workload.token", "POST", "workload-token", "read", (_directory, input) =>
      issueWorkloadToken(input, services),
    ),
    row("firstParty.set", "PUT", "firstParty/{appId}", "write", (directory, input) =>
      setFirstParty(directory, input),
    ),
  ];
}

/** A row of the operation table as the control surface shows it. */
function describe({ id, method, path, versions, effect, access }: BoundOperation<Directory>): object {
  return { id, method, path, versions, effect, access };
}

/** A token of the seeded administrator, as the portal would use it. */
async function adminToken(directory: Directory, input: Input, services: ControlServices): Promise<Answer> {
  const { resource } = read(input, tokenSchema);
  const user = directory.users.get(services.adminUserId);
  if (user === undefined) throw new Error("the seeded administrator is gone");
  const accessToken = await services.tokens.issue({
    audience: resource === "graph" ? firstPartyAppIds.microsoftGraph : "https://management.core.windows.net/",
    issuer: `https://sts.windows.net/${services.profile.tenantId}/`,
    version: "1.0",
    tenantId: services.profile.tenantId,
    caller: {
      kind: "user",
      objectId: user.id,
      appId: services.portalAppId,
      name: user.userPrincipalName,
      roles: [],
      directoryRoles: user.directoryRoles.includes(globalAdministrator) ? [globalAdministrator] : [],
    },
    scope: resource === "graph" ? "Directory.AccessAsUser.All" : "user_impersonation",
    clientAuthentication: "0",
    now: input.now,
  });
  return uncachedAnswer({ token_type: "Bearer", expires_in: tokenLifetime, access_token: accessToken });
}

/**
 * An assertion of a token issuer that the sandbox plays, such as GitHub's; see externalIssuers. By default for Entra's token exchange,
 * and good for five minutes.
 */
async function issueAssertion(input: Input, services: ControlServices): Promise<Answer> {
  const { audience, lifetimeSeconds, claims: more, ...named } = read(input, assertionSchema);
  const usual = audience === "" ? "api://AzureADTokenExchange" : audience;
  const assertion = await issuedAssertion(
    { ...named, audience: usual, more },
    {
      lifetimeSeconds: lifetimeSeconds || assertionLifetime,
      now: input.now,
      services,
    },
  );
  return uncachedAnswer({ assertion });
}

/** A token of a workload, as GitHub or Azure DevOps makes it, with what a trust has to name. */
async function issueWorkloadToken(input: Input, services: ControlServices): Promise<Answer> {
  const { workload, cloud, lifetimeSeconds, ...place } = read(input, workloadSchema);
  const claims = workloadClaims(workload, place, cloud, services.profile.tenantId);
  const { issuer, subject, audience } = claims;
  const assertion = await issuedAssertion(claims, {
    lifetimeSeconds: lifetimeSeconds || assertionLifetime,
    now: input.now,
    services,
  });
  return uncachedAnswer({ assertion, issuer, subject, audience });
}

/** Sets the tenant's time, from which it goes on; `null` returns to the clock the tenant was started with. */
function setClock(directory: Directory, input: Input, services: ControlServices): Answer {
  const { now } = read(input, clockSchema);
  const wanted = now === null ? undefined : parseInstant(now);
  if (now !== null && wanted === undefined) throw wrong(`'${now}' is not a date and time with a time zone.`);
  const settings = tenantSettings(directory);
  const clockOffset = wanted === undefined ? 0 : wanted.getTime() - services.untouchedNow().getTime();
  directory.settings.put({ ...settings, clockOffset });
  return { status: 204 };
}

/**
 * Changes how the tenant knows a first-party application: `present: false` removes its service principal, and lists of names or of
 * scope values keep only those of the published ones.
 */
function setFirstParty(directory: Directory, input: Input): Answer {
  const appId = param(input, "appId");
  const known = firstPartyApplication(appId);
  if (known === undefined) throw wrong(`The sandbox tenant knows no first-party application ${appId}.`);
  const wanted = read(input, firstPartySchema);
  const before = servicePrincipalByAppId(directory, appId);
  if (!wanted.present) {
    if (before !== undefined) directory.servicePrincipals.delete(before.id);
    return { status: 204 };
  }
  const scopes = wanted.oauth2PermissionScopes;
  const present =
    before ?? systemServicePrincipal(known.servicePrincipalId, known.appId, known.published, input.now);
  directory.servicePrincipals.put({
    ...present,
    published: {
      ...known.published,
      servicePrincipalNames: wanted.servicePrincipalNames ?? known.published.servicePrincipalNames,
      oauth2PermissionScopes: known.published.oauth2PermissionScopes.filter(
        (scope) => scopes === null || scopes.includes(scope.value ?? ""),
      ),
    },
  });
  return { status: 204 };
}

function read<T>(input: Input, schema: s.BodySchema<T>, before?: T): T {
  try {
    return schema.read(JSON.parse(input.body.toString("utf8")), "", before);
  } catch (error) {
    throw wrong(error instanceof s.BodySchemaError ? error.message : "The body is not valid JSON.");
  }
}

function wrong(message: string): Refusal {
  return new Refusal({ kind: "badRequest", code: "WrongInstruction", message });
}

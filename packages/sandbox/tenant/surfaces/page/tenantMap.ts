import { html, type Content, type Html } from "./html";
import type { ApplicationRow, CredentialRow, Party, TenantOverview } from "./tenantOverview";

/**
 * Every application as a picture: what it signs in with, the application, and what it may do where. Of the applications of the
 * sandbox's stack, what the stack has not deployed is undeclared, as on the map of `dicom-ops`.
 */
export function tenantMap(overview: TenantOverview): Html {
  const { applications, stack } = overview;
  if (applications.length === 0) return html`<p>No application is registered.</p>`;
  const deployed = new Set((stack ?? []).map(({ id }) => objectKey(id)));
  const isDeployed = (id: string): boolean => deployed.has(objectKey(id));
  const flows = applications.map((application) => {
    const isOfStack = isDeployed(application.id);
    return { isOfStack, ...flow(application, overview, (id) => !isOfStack || isDeployed(id)) };
  });
  const undeclared = flows.reduce((sum, one) => sum + one.undeclared, 0);
  const [own, others] = [true, false].map((wanted) =>
    flows.filter(({ isOfStack }) => isOfStack === wanted).map(({ drawn }) => drawn),
  );
  return html`<p>
      From left to right: credentials, the application, what it may do and where.
      ${deployed.size === 0 ? notMarked(stack) : summary(undeclared, missing(overview))}
    </p>
    ${own ?? []} ${deployed.size > 0 && others?.length ? html`<h3>Not in the sandbox's stack</h3>` : []}
    ${others ?? []}`;
}

function notMarked(stack: TenantOverview["stack"]): string {
  return stack === undefined
    ? "What is declared is not known here, so nothing is marked."
    : "The sandbox's stack has deployed nothing, so nothing is marked.";
}

function summary(undeclared: number, gone: readonly string[]): Content {
  if (undeclared === 0 && gone.length === 0)
    return "The stack has deployed everything that its applications have.";
  return [
    `Not as declared: ${[...(undeclared === 0 ? [] : [`${String(undeclared)} undeclared`]), ...(gone.length === 0 ? [] : [`${String(gone.length)} missing`])].join(", ")}.`,
    ...(gone.length === 0
      ? []
      : [html` Missing is what the stack has deployed and is gone: ${gone.join(", ")}.`]),
  ];
}

/** Names of what the stack has deployed and the tenant no longer has. */
function missing(overview: TenantOverview): readonly string[] {
  const { applications, credentials, consents, appRoles, azureRoles, stack = [] } = overview;
  const there = new Set(
    [
      ...applications.flatMap(({ id, servicePrincipalId }) => [id, servicePrincipalId ?? id]),
      ...[...credentials, ...consents, ...appRoles, ...azureRoles].map(({ id }) => id),
    ].map(objectKey),
  );
  return stack.filter(({ id }) => !there.has(objectKey(id))).map(({ name }) => name);
}

/** What an object is known by: the last part of its id, which is a GUID but for grants. */
function objectKey(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1).toLowerCase();
}

/** @param isDeclared says so of an object's id */
function flow(
  application: ApplicationRow,
  overview: TenantOverview,
  isDeclared: (id: string) => boolean,
): { readonly drawn: Html; readonly undeclared: number } {
  const { id, name, appId, servicePrincipalId } = application;
  const isOwn = (party: Party): boolean => party.id === id || party.id === servicePrincipalId;
  const access: readonly Drawn[] = [
    ...overview.consents
      .filter(({ client }) => isOwn(client))
      .map((one) => ({ id: one.id, what: `consent: ${one.scope}`, more: one.resource.name })),
    ...overview.appRoles
      .filter(({ principal }) => isOwn(principal))
      .map((one) => ({ id: one.id, what: `application permission: ${one.role}`, more: one.resource.name })),
    ...overview.azureRoles
      .filter(({ principal }) => isOwn(principal))
      .map((one) => ({ id: one.id, what: `Azure role: ${one.role}`, more: shortScope(one.scope) })),
  ];
  const credentials = overview.credentials
    .filter(({ holder }) => isOwn(holder))
    .map((one) => ({ id: one.id, what: credentialWords(one), more: lifeWords(one) }));
  const drawn = html`<div class="flow" role="group" aria-label="${name}">
    <ul aria-label="Credentials">
      ${nodes(credentials, isDeclared)}
    </ul>
    <p class="node">${name}<code>${appId}</code></p>
    <ul aria-label="Access">
      ${nodes(access, isDeclared)}
    </ul>
  </div> `;
  return { drawn, undeclared: [...credentials, ...access].filter((one) => !isDeclared(one.id)).length };
}

interface Drawn {
  readonly id: string;
  readonly what: string;
  readonly more: string;
}

function nodes(all: readonly Drawn[], isDeclared: (id: string) => boolean): Content {
  if (all.length === 0) return html`<li>none</li>`;
  return all.map(({ id, what, more }) =>
    isDeclared(id)
      ? html`<li>${what}<small>${more}</small></li> `
      : html`<li class="undeclared">
          ${what} <span class="standing">undeclared</span><small>${more}</small>
        </li> `,
  );
}

function credentialWords({ kind, name }: CredentialRow): string {
  return name === "" ? kind : `${kind} ${name}`;
}

function lifeWords({ life }: CredentialRow): string {
  if (life === null) return "no end";
  return `${life.word}, until ${life.to.toISOString().slice(0, 10)}`;
}

/** The last names of a resource id: `workspaces/imaging/dicomservices/pacs`. */
function shortScope(scope: string): string {
  const [, ofProvider] = /\/providers\/[^/]+\/(.+)$/.exec(scope) ?? [];
  return ofProvider ?? (scope === "" ? "/" : scope);
}

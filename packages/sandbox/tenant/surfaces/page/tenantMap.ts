import { html, type Content, type Html } from "./html";
import type { ApplicationRow, CredentialRow, Party, TenantOverview } from "./tenantOverview";

/** Every application as a picture: what it signs in with, the application, and what it may do where. */
export function tenantMap(overview: TenantOverview): Html {
  const { applications } = overview;
  return applications.length === 0
    ? html`<p>No application is registered.</p>`
    : html`<p>From left to right: credentials, the application, what it may do and where.</p>
        ${applications.map((application) => flow(application, overview))}`;
}

function flow(application: ApplicationRow, overview: TenantOverview): Html {
  const { id, name, servicePrincipalId } = application;
  const isOwn = (party: Party): boolean => party.id === id || party.id === servicePrincipalId;
  const access = [
    ...overview.consents
      .filter(({ client }) => isOwn(client))
      .map(({ scope, resource }) => node(`consent: ${scope}`, resource.name)),
    ...overview.appRoles
      .filter(({ principal }) => isOwn(principal))
      .map(({ role, resource }) => node(`application permission: ${role}`, resource.name)),
    ...overview.azureRoles
      .filter(({ principal }) => isOwn(principal))
      .map(({ role, scope }) => node(`Azure role: ${role}`, shortScope(scope))),
  ];
  const credentials = overview.credentials.filter(({ holder }) => isOwn(holder));
  return html`<div class="flow" role="group" aria-label="${name}">
    <ul aria-label="Credentials">
      ${orNone(credentials.map((one) => node(credentialWords(one), lifeWords(one))))}
    </ul>
    <p class="node">${name}</p>
    <ul aria-label="Access">
      ${orNone(access)}
    </ul>
  </div> `;
}

function node(what: string, more: string): Html {
  return html`<li>${what}<small>${more}</small></li> `;
}

function orNone(nodes: readonly Html[]): Content {
  return nodes.length === 0 ? html`<li>none</li>` : nodes;
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

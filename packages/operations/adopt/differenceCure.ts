import { isMapping } from "dicom-service-client/model";
import { graphRequest, shellQuoted } from "../cloud/graphRequest";
import { plainText } from "../console/plainText";
import { childTypes } from "../project/deployedClient";
import { applicationRequests, servicePrincipalRequest } from "./liveRequests";
import { lastPart } from "../project/lastPart";

/** What a cure is worked out from. */
export interface CureParts {
  /** Type of the resource. */
  readonly type: string;
  /** Id of the live object. */
  readonly object: string;
  readonly property: string | null;
  readonly live: unknown;
  readonly declared: unknown;
  /** Everything that the program says of the resource. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The key of the configuration that decides the property; undefined when none does. */
  readonly key: string | undefined;
  /** Whether that key has the property's value, so that a live one can be written there. */
  readonly keyIsValue: boolean;
  readonly stack: string;
  /** Object id of the application. */
  readonly objectId: string;
  /** Client id of the application. */
  readonly clientId: string;
  /** Base address of the cloud's Microsoft Graph. */
  readonly graph: string;
}

/** What makes a live object and its declaration the same: commands, one a line, each after a sentence where one is needed. */
export function differenceCure(parts: CureParts): string {
  const { type, property, key, keyIsValue, live, stack } = parts;
  if (property === "owners" && (type === childTypes.application || type === childTypes.servicePrincipal)) {
    return ownersCure(parts);
  }
  const commands = property === null ? [] : (commandsOf[type]?.(parts, property) ?? []);
  if (commands.length === 0) {
    return `This shows what it would do, and why:\npulumi preview --diff --stack ${stack}`;
  }
  const written =
    key !== undefined &&
    keyIsValue &&
    ["string", "number", "boolean"].includes(typeof live) &&
    isWritable(live)
      ? [`Write ${plainText(JSON.stringify(live))} as ${key}, or change the live object to what is declared:`]
      : [];
  return [...written, ...commands].join("\n");
}

/** A text of nothing, or of blanks alone, is no value of a key. */
function isWritable(value: unknown): boolean {
  return typeof value !== "string" || value.trim() !== "";
}

/** The requests that let a live object be as it is declared, by the type of the resource. */
const commandsOf: Readonly<Record<string, (parts: CureParts, property: string) => readonly string[]>> = {
  [childTypes.application]: (parts, property) => {
    const { clientId, declared, graph, objectId } = parts;
    if (property === "requiredResourceAccesses") {
      const accesses = shellQuoted(JSON.stringify(requiredAccesses(declared)));
      return [`az ad app update --id ${clientId} --required-resource-accesses ${accesses}`];
    }
    if (property === "signInAudience") {
      return [`az ad app update --id ${clientId} --sign-in-audience ${text(declared)}`];
    }
    return applicationRequests(property, parts).map((body) =>
      graphRequest(graph, "PATCH", `applications/${objectId}`, body),
    );
  },
  [childTypes.servicePrincipal]: ({ declared, graph, object }, property) => [
    graphRequest(graph, "PATCH", `servicePrincipals/${object}`, servicePrincipalRequest(property, declared)),
  ],
  [childTypes.consent]: ({ declared, graph, object }, property) =>
    property === "claimValues"
      ? [
          graphRequest(graph, "PATCH", `oauth2PermissionGrants/${object}`, {
            scope: texts(declared).join(" "),
          }),
        ]
      : [],
  [childTypes.federated]: ({ declared, graph, object, objectId }, property) => [
    graphRequest(graph, "PATCH", `applications/${objectId}/federatedIdentityCredentials/${object}`, {
      [property]: declared ?? null,
    }),
  ],
  [childTypes.flexible]: ({ declared, graph, object, objectId }, property) => [
    graphRequest(
      graph,
      "PATCH",
      `applications/${objectId}/federatedIdentityCredentials/${object}`,
      property === "claimsMatchingExpression"
        ? { claimsMatchingExpression: { value: declared, languageVersion: 1 } }
        : property === "audience"
          ? { audiences: [declared] }
          : { [property]: declared ?? null },
      "beta",
    ),
  ],
  [childTypes.certificate]: ({ live, key, clientId, object }, property) =>
    property === "endDate" && text(live).endsWith("T00:00:00Z")
      ? [`Write expiresOn: "${text(live).slice(0, 10)}" under ${key ?? "certificates"}.`]
      : [
          `Leave it out of ${key ?? "certificates"}, or let pulumi up upload it again. In that case it cannot be adopted; delete it, but only if nobody signs in with it:`,
          `# az ad app credential delete --cert --id ${clientId} --key-id ${object}`,
        ],
  [childTypes.azureRole]: ({ live, object, inputs, key }, property) =>
    property === "roleAssignmentName"
      ? [`Write assignmentName: ${text(live)}`]
      : property === "roleDefinitionId"
        ? // Azure lets no assignment give another role.
          [`Write role: ${lastPart(text(live))} as ${key ?? "the role"}.`]
        : [
            armPut(object, {
              roleDefinitionId: inputs["roleDefinitionId"],
              principalId: inputs["principalId"],
              principalType: inputs["principalType"],
            }),
          ],
  [childTypes.customRole]: ({ object, inputs }) => [
    armPut(object, {
      roleName: inputs["roleName"],
      type: inputs["roleType"],
      description: inputs["description"],
      permissions: inputs["permissions"],
      assignableScopes: inputs["assignableScopes"],
    }),
  ],
};

/** The request that gives an object of Azure the content that the program says. */
function armPut(id: string, content: object): string {
  return `az rest --method PUT --url ${shellQuoted(`${id}?api-version=2022-04-01`)} --body ${shellQuoted(JSON.stringify({ properties: content }))}`;
}

/** Who is missing is made an owner, so that nothing is taken from anybody; whoever is too many can be named. */
function ownersCure({ type, live, declared, object, objectId, graph }: CureParts): string {
  const there = new Set(texts(live).map((id) => id.toLowerCase()));
  const wanted = texts(declared).map((id) => id.toLowerCase());
  const surplus = [...there].filter((id) => !wanted.includes(id));
  return [
    ...wanted
      .filter((id) => !there.has(id))
      .map((id) =>
        type === childTypes.application
          ? `az ad app owner add --id ${objectId} --owner-object-id ${id}`
          : graphRequest(graph, "POST", `servicePrincipals/${object}/owners/$ref`, {
              "@odata.id": `${graph}/v1.0/directoryObjects/${id}`,
            }),
      ),
    ...(surplus.length === 0 ? [] : [`Name them under owners as well: ${surplus.join(", ")}`]),
  ].join("\n");
}

/** The provider's spelling of required access in that of Microsoft Graph. */
function requiredAccesses(declared: unknown): unknown {
  if (!Array.isArray(declared)) return declared;
  return (declared as readonly unknown[])
    .filter(isMapping)
    .map(({ resourceAppId, resourceAccesses }) => ({ resourceAppId, resourceAccess: resourceAccesses }));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

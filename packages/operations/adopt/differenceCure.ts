import { yamlText } from "dicom-service-client/model";
import { graphRequest, jsonWord, shellQuoted } from "../cloud/graphRequest";
import { childTypes } from "../project/deployedClient";
import {
  applicationRequests,
  declaredContent,
  requiredResourceAccess,
  servicePrincipalRequest,
} from "./liveRequests";
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
  /** Object id of the application. */
  readonly objectId: string;
  /** Client id of the application. */
  readonly clientId: string;
  /** Base address of the cloud's Microsoft Graph. */
  readonly graph: string;
}

/** What makes a live object and its declaration the same: commands, one a line, each after a sentence where one is needed. */
export function differenceCure(parts: CureParts): string {
  const { type, property, key, keyIsValue, live } = parts;
  if (property === "owners" && (type === childTypes.application || type === childTypes.servicePrincipal)) {
    return ownersCure(parts);
  }
  const commands = commandsOf[type]?.(parts, property) ?? [];
  const written =
    key !== undefined && keyIsValue && isWritable(live)
      ? [`Write ${yamlText(JSON.stringify(live))} as ${key}, or change the live object to what is declared:`]
      : [];
  return [...written, ...commands].join("\n");
}

/** A text of nothing, or of blanks alone, is no value of a key. */
function isWritable(value: unknown): boolean {
  return typeof value === "string" ? value.trim() !== "" : ["number", "boolean"].includes(typeof value);
}

/** @param property null when the engine names none */
type Commands = (parts: CureParts, property: string | null) => readonly string[];

/**
 * The requests that let a live object be as it is declared, by the type of the resource. Where the engine names no property, they
 * write all that is declared; what would do harm to somebody is a comment, behind what shows to whom.
 */
const commandsOf: Readonly<Record<string, Commands>> = {
  [childTypes.application]: (parts, property) => {
    const { clientId, declared, graph, inputs, objectId } = parts;
    if (property === null) {
      return [
        graphRequest(graph, "PATCH", `applications/${objectId}`, declaredContent("application", inputs)),
      ];
    }
    if (property === "requiredResourceAccesses") {
      const accesses = jsonWord(requiredResourceAccess(declared));
      return [`az ad app update --id ${clientId} --required-resource-accesses ${accesses}`];
    }
    if (property === "signInAudience") {
      return [`az ad app update --id ${clientId} --sign-in-audience ${text(declared)}`];
    }
    const requests = applicationRequests(property, parts).map((body) =>
      graphRequest(graph, "PATCH", `applications/${objectId}`, body),
    );
    return requests.length === 1
      ? requests
      : [
          "Others may use what it publishes, and lose it. Find out who has been granted it:",
          graphRequest(graph, "GET", `servicePrincipals(appId='${clientId}')/appRoleAssignedTo`),
          `az ad app show --id ${clientId}`,
          "Only if nobody needs it, disable it, and then delete it:",
          ...requests.map((request) => `# ${request}`),
        ];
  },
  [childTypes.servicePrincipal]: ({ declared, graph, inputs, object }, property) => {
    const request = graphRequest(
      graph,
      "PATCH",
      `servicePrincipals/${object}`,
      property === null
        ? declaredContent("servicePrincipal", inputs)
        : servicePrincipalRequest(property, declared),
    );
    return property === "accountEnabled"
      ? [
          "Somebody has disabled it. Find out who, and why:",
          `az ad sp show --id ${object}`,
          "Only then let it sign in again:",
          `# ${request}`,
        ]
      : [request];
  },
  [childTypes.consent]: ({ graph, inputs, key, object }, property) =>
    property === null || property === "claimValues"
      ? [
          graphRequest(graph, "PATCH", `oauth2PermissionGrants/${object}`, {
            scope: texts(inputs["claimValues"]).join(" "),
          }),
        ]
      : givenAgain(key, graphRequest(graph, "DELETE", `oauth2PermissionGrants/${object}`)),
  // Microsoft Graph changes no assignment of an app role.
  [childTypes.appRole]: ({ graph, inputs, key, object }) =>
    givenAgain(
      key,
      graphRequest(
        graph,
        "DELETE",
        `servicePrincipals/${text(inputs["resourceObjectId"])}/appRoleAssignedTo/${object}`,
      ),
    ),
  [childTypes.federated]: ({ graph, inputs, object, objectId }, property) => [
    graphRequest(
      graph,
      "PATCH",
      `applications/${objectId}/federatedIdentityCredentials/${object}`,
      only(property, {
        issuer: inputs["issuer"],
        subject: inputs["subject"],
        audiences: inputs["audiences"],
        description: inputs["description"] ?? null,
      }),
    ),
  ],
  [childTypes.flexible]: ({ graph, inputs, object, objectId }, property) => [
    graphRequest(
      graph,
      "PATCH",
      `applications/${objectId}/federatedIdentityCredentials/${object}`,
      only(property === "audience" ? "audiences" : property, {
        issuer: inputs["issuer"],
        claimsMatchingExpression: { value: inputs["claimsMatchingExpression"], languageVersion: 1 },
        audiences: [inputs["audience"]],
        description: inputs["description"] ?? null,
      }),
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
  return `az rest --method PUT --url ${shellQuoted(`${id}?api-version=2022-04-01`)} --body ${jsonWord({ properties: content })}`;
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

/** One property of an object's content, or all of it. */
function only(property: string | null, content: Readonly<Record<string, unknown>>): object {
  return property === null || !(property in content) ? content : { [property]: content[property] };
}

/** For what cannot be changed: it is not declared, or given again. */
function givenAgain(key: string | undefined, remove: string): readonly string[] {
  return [
    `Leave it out of ${key ?? "the configuration"}, or delete it, so that pulumi up gives it again; until then the client does without it:`,
    `# ${remove}`,
  ];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

import { isMapping } from "../mapping";
import { SandboxError } from "../runner/sandboxError";
import type { Administrator } from "./administrator";
import { listed } from "./directory";
import { type ActionDefinition, clientArgument, type GivenValues } from "./portalAction";

interface Restrictions {
  readonly passwordCredentials: readonly object[];
  readonly keyCredentials: readonly object[];
}

/** Sets the tenant's default policy on credentials of applications; without restrictions it is switched off. */
async function setDefaultPolicy(administrator: Administrator, restrictions: Restrictions): Promise<void> {
  await administrator.graph("PATCH", "policies/defaultAppManagementPolicy", {
    isEnabled: isRestricting(restrictions),
    applicationRestrictions: restrictions,
  });
}

/** Assigns a policy of its own to an application, in place of the one that it has. @returns the policy's id, if it has one now */
async function assignPolicy(
  administrator: Administrator,
  objectId: string,
  displayName: string,
  restrictions: Restrictions,
): Promise<string | undefined> {
  const path = `applications/${objectId}/appManagementPolicies`;
  const present = await administrator.graph("GET", path);
  const assigned: unknown = isMapping(present) ? present["value"] : undefined;
  for (const policy of Array.isArray(assigned) ? assigned : []) {
    await administrator.graph("DELETE", `policies/appManagementPolicies/${listed(policy).id}`);
  }
  if (!isRestricting(restrictions)) return undefined;
  const { id } = listed(
    await administrator.graph("POST", "policies/appManagementPolicies", {
      displayName: `Credentials of ${displayName}`,
      description: `Restrictions on the credentials of ${displayName}`,
      isEnabled: true,
      restrictions,
    }),
  );
  await administrator.graph("POST", `${path}/$ref`, {
    "@odata.id": `${administrator.graphUrl}/v1.0/policies/appManagementPolicies/${id}`,
  });
  return id;
}

function isRestricting({ passwordCredentials, keyCredentials }: Restrictions): boolean {
  return passwordCredentials.length + keyCredentials.length > 0;
}

/** What the options of `app-policy` ask for. @throws SandboxError when one is written wrong */
function readRestrictions(given: GivenValues): Restrictions {
  const from = given.optionalText("createdFrom");
  const exempt = given.optionalText("exempt");
  const common = {
    state: "enabled",
    restrictForAppsCreatedAfterDateTime: from === undefined ? null : instant(from),
    excludeActors: exempt === undefined ? null : { customSecurityAttributes: [exemption(exempt)] },
  };
  const longest = (restrictionType: string, value: string): object => ({
    restrictionType,
    maxLifetime: `P${days(value)}D`,
    ...common,
  });
  const secrets = given.optionalText("secrets");
  const certificates = given.optionalText("certificates");
  return {
    passwordCredentials:
      secrets === undefined
        ? []
        : [
            secrets === "blocked"
              ? { restrictionType: "passwordAddition", maxLifetime: null, ...common }
              : longest("passwordLifetime", secrets),
          ],
    keyCredentials: certificates === undefined ? [] : [longest("asymmetricKeyLifetime", certificates)],
  };
}

function days(value: string): string {
  if (/^[1-9]\d*$/.test(value)) return value;
  throw new SandboxError(`${JSON.stringify(value)} is not a number of days.`);
}

function instant(value: string): string {
  const date = new Date(value);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new SandboxError(`${JSON.stringify(value)} is not a date; write it like 2026-01-31.`);
}

/** `AttributeSet_Attribute=value` */
function exemption(value: string): object {
  const [, id, wanted] = /^([^=]+_[^=]+)=(.+)$/.exec(value) ?? [];
  if (id === undefined || wanted === undefined) {
    throw new SandboxError(
      `${JSON.stringify(value)} is not an exemption; write it as AttributeSet_Attribute=value.`,
    );
  }
  return {
    "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
    id,
    operator: "equals",
    value: wanted,
  };
}

/** The actions of this file on the command line. */
export const policyActions: readonly ActionDefinition[] = [
  {
    name: "app-policy",
    description:
      "restrict new secrets and certificates with the tenant's app management policy or an application's own; without options, lift the restrictions",
    arguments: [{ ...clientArgument, flags: "[client]" }],
    options: [
      { flags: "--secrets <limit>", description: "`blocked`, or the longest lifetime in days" },
      { flags: "--certificates <days>", description: "the longest lifetime in days" },
      {
        flags: "--created-from <date>",
        description: "only for applications created on or after this date",
      },
      {
        flags: "--exempt <attribute>",
        description: "AttributeSet_Attribute=value: callers with this custom security attribute are exempt",
      },
    ],
    example: "app-policy --secrets 180 --certificates 365",
    async run(given) {
      const { administrator } = given;
      const restrictions = readRestrictions(given);
      const client = given.optionalText("client");
      if (client === undefined) {
        await setDefaultPolicy(administrator, restrictions);
        return [`The tenant's app management policy is ${isRestricting(restrictions) ? "on" : "off"}.`];
      }
      const { id, displayName } = await given.application();
      const policy = await assignPolicy(administrator, id, displayName, restrictions);
      return [
        policy === undefined
          ? `The application ${id} has no app management policy of its own.`
          : `The application ${id} has the app management policy ${policy}.`,
      ];
    },
  },
  {
    name: "lock-instance",
    description: "lock the credentials of an application's service principals, or release them",
    arguments: [clientArgument, { flags: "state", description: "on locks them", choices: ["on", "off"] }],
    example: "lock-instance imaging-gateway on",
    async run(given) {
      const { id } = await given.application();
      const isOn = given.text("state") === "on";
      await given.administrator.graph("PATCH", `applications/${id}`, {
        servicePrincipalLockConfiguration: { isEnabled: isOn, allProperties: isOn },
      });
      return [
        isOn
          ? `The credentials of the service principals of the application ${id} are locked.`
          : `The service principals of the application ${id} are not locked.`,
      ];
    },
  },
  {
    name: "set-attribute",
    description: "give an application's service principal a value in a custom security attribute",
    arguments: [
      clientArgument,
      { flags: "attribute", description: "AttributeSet_Attribute=value, as a policy may exempt it" },
    ],
    example: "set-attribute 'Deployment pipeline' Deployment_Exempt=credentials",
    async run(given) {
      const attribute = given.text("attribute");
      const [, set, name, value] = /^([^_=]+)_([^=]+)=(.+)$/.exec(attribute) ?? [];
      if (set === undefined || name === undefined) {
        throw new SandboxError(
          `${JSON.stringify(attribute)} is not an attribute; write it as AttributeSet_Attribute=value.`,
        );
      }
      const id = await given.principalId();
      await given.administrator.graph("PATCH", `servicePrincipals/${id}`, {
        customSecurityAttributes: {
          [set]: { "@odata.type": "#microsoft.graph.customSecurityAttributeValue", [name]: value },
        },
      });
      return [`The service principal ${id} has ${attribute}.`];
    },
  },
];

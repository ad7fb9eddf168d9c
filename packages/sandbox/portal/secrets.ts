import { SandboxError } from "../runner/sandboxError";
import { textIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import {
  clientArgument,
  describeHolder,
  onServicePrincipal,
  showSecrets,
  type ActionParameter,
  type GivenValues,
  type Holder,
  type ActionDefinition,
} from "./portalAction";

/** A secret as its maker gets to see it. */
export interface NewSecret {
  readonly keyId: string;
  /** The value, which Entra shows this once. */
  readonly value: string;
  readonly startDateTime: string;
  readonly endDateTime: string;
}

/** How long a new credential lives. */
export const lifeOption: ActionParameter = {
  flags: "--days <number>",
  description: "days until it ends, 1 to 36500",
};

/**
 * When something ends that starts now.
 *
 * @throws SandboxError when the text is not a number of days.
 */
export async function endAfterDays(administrator: Administrator, days: string): Promise<string> {
  if (!/^[1-9]\d{0,4}$/.test(days) || Number(days) > 36_500) {
    throw new SandboxError(`--days ${JSON.stringify(days)} is not a whole number from 1 to 36500.`);
  }
  const end = (await administrator.now()).getTime() + Number(days) * 86_400_000;
  return `${new Date(end).toISOString().slice(0, 19)}Z`;
}

/**
 * Adds a secret.
 *
 * @param endDateTime default: two years from now, which is Entra's own.
 */
export async function addSecret(
  administrator: Administrator,
  { kind, id }: Holder,
  displayName: string,
  endDateTime?: string,
): Promise<NewSecret> {
  const made = (await administrator.graph("POST", `${kind}/${id}/addPassword`, {
    passwordCredential: { displayName, ...(endDateTime === undefined ? {} : { endDateTime }) },
  })) as Readonly<Record<string, unknown>>;
  return {
    keyId: textIn(made["keyId"]),
    value: textIn(made["secretText"]),
    startDateTime: textIn(made["startDateTime"]),
    endDateTime: textIn(made["endDateTime"]),
  };
}

/** Removes a secret. */
export async function removeSecret(
  administrator: Administrator,
  { kind, id }: Holder,
  keyId: string,
): Promise<void> {
  await administrator.graph("POST", `${kind}/${id}/removePassword`, { keyId });
}

/** A new secret in words, with its value only when that is asked for. */
export function describeSecret(secret: NewSecret, given: GivenValues): string[] {
  const { keyId, startDateTime, endDateTime, value } = secret;
  return [
    `Secret: key id ${keyId}, from ${startDateTime} until ${endDateTime}.`,
    given.isOn("showSecrets") ? `Value: ${value}` : "Its value is not shown (--show-secrets shows it).",
  ];
}

/** The actions of this file on the command line. */
export const secretActions: readonly ActionDefinition[] = [
  {
    name: "add-secret",
    description: "add a client secret",
    arguments: [clientArgument],
    options: [
      { flags: "--name <text>", description: "its description", fallback: "Added by hand" },
      { ...lifeOption, description: `${lifeOption.description} (default: two years, as Entra has it)` },
      onServicePrincipal,
      showSecrets,
    ],
    example: 'add-secret imaging-gateway --name "For a test" --days 30',
    async run(given) {
      const { administrator } = given;
      const days = given.optionalText("days");
      const end = days === undefined ? undefined : await endAfterDays(administrator, days);
      const holder = await given.holder();
      const secret = await addSecret(administrator, holder, given.text("name"), end);
      return [`Added a secret to ${describeHolder(holder)}.`, ...describeSecret(secret, given)];
    },
  },
  {
    name: "remove-secret",
    description: "remove a client secret",
    arguments: [clientArgument, { flags: "keyId", description: "key id of the secret" }],
    options: [onServicePrincipal],
    example: "remove-secret imaging-gateway 8d0c1f6e-2b1a-4c57-9a55-5f0d2f6f1a11",
    async run(given) {
      const holder = await given.holder();
      const keyId = given.text("keyId");
      await removeSecret(given.administrator, holder, keyId);
      return [`Removed the secret ${keyId} from ${describeHolder(holder)}.`];
    },
  },
];

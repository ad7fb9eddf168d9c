import { randomUUID, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isMapping } from "../mapping";
import { SandboxError } from "../runner/sandboxError";
import { objectsIn } from "../standIn/http/jsonBody";
import type { Administrator } from "./administrator";
import { inventCertificate } from "./inventedCertificate";
import {
  clientArgument,
  describeHolder,
  type Holder,
  onServicePrincipal,
  type ActionDefinition,
} from "./portalAction";
import { endAfterDays, lifeOption } from "./secrets";

/**
 * Adds a certificate to those that are there.
 *
 * @param pem the certificate; a private key in it is not sent.
 * @returns its key id.
 * @throws SandboxError when the text holds no certificate that can be read.
 */
async function addCertificate(
  administrator: Administrator,
  holder: Holder,
  pem: string,
  displayName: string,
): Promise<string> {
  const key = readCertificate(pem).raw.toString("base64");
  const keyId = randomUUID();
  await replace(administrator, holder, [
    ...(await keyCredentials(administrator, holder)),
    { type: "AsymmetricX509Cert", usage: "Verify", key, keyId, displayName },
  ]);
  return keyId;
}

/**
 * Removes a certificate.
 *
 * @throws SandboxError when it is not there.
 */
async function removeCertificate(administrator: Administrator, holder: Holder, keyId: string): Promise<void> {
  const present = await keyCredentials(administrator, holder);
  const kept = present.filter((entry) => entry["keyId"] !== keyId.toLowerCase());
  if (kept.length === present.length) {
    throw new SandboxError(
      [
        `There is no certificate ${keyId} on ${describeHolder(holder)}; there ${present.length === 0 ? "is none" : "are:"}`,
        ...present.map((entry) => `  ${String(entry["keyId"])}  ${String(entry["displayName"])}`),
      ].join("\n"),
    );
  }
  await replace(administrator, holder, kept);
}

/** The certificates that are there; entries come and go back without their keys, which Graph then keeps. */
async function keyCredentials(
  administrator: Administrator,
  { kind, id }: Holder,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const answer = await administrator.graph("GET", `${kind}/${id}`);
  return objectsIn(isMapping(answer) ? answer["keyCredentials"] : undefined);
}

async function replace(
  administrator: Administrator,
  { kind, id }: Holder,
  entries: readonly object[],
): Promise<void> {
  await administrator.graph("PATCH", `${kind}/${id}`, { keyCredentials: entries });
}

function readCertificate(pem: string): X509Certificate {
  const [block] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem) ?? [];
  try {
    return new X509Certificate(block ?? "");
  } catch {
    throw new SandboxError("The file contains no readable PEM certificate.");
  }
}

/** The actions of this file on the command line. */
export const certificateActions: readonly ActionDefinition[] = [
  {
    name: "add-certificate",
    description: "add a certificate: your own, or a generated one whose key nobody has",
    arguments: [clientArgument],
    options: [
      { flags: "--pem <file>", description: "certificate in PEM (default: a generated one)" },
      { flags: "--name <text>", description: "its description", fallback: "CN=Added by hand" },
      { ...lifeOption, description: `of a generated one: ${lifeOption.description}`, fallback: "365" },
      onServicePrincipal,
    ],
    example: "add-certificate imaging-gateway --on-service-principal",
    async run(given) {
      const { administrator } = given;
      const file = given.optionalText("pem");
      const holder = await given.holder();
      const now = await administrator.now();
      const pem =
        file === undefined
          ? await inventCertificate(
              "Added by hand",
              now,
              new Date(await endAfterDays(administrator, given.text("days"))),
            )
          : await readFile(file, "utf8").catch(() => {
              throw new SandboxError(`The file ${file} cannot be read.`);
            });
      const keyId = await addCertificate(administrator, holder, pem, given.text("name"));
      const { validFromDate, validToDate } = readCertificate(pem);
      return [
        `Added a certificate to ${describeHolder(holder)}.`,
        `Certificate: key id ${keyId}, from ${validFromDate.toISOString()} until ${validToDate.toISOString()}.`,
      ];
    },
  },
  {
    name: "remove-certificate",
    description: "remove a certificate",
    arguments: [clientArgument, { flags: "keyId", description: "key id of the certificate" }],
    options: [onServicePrincipal],
    example: "remove-certificate imaging-gateway 8d0c1f6e-2b1a-4c57-9a55-5f0d2f6f1a11",
    async run(given) {
      const holder = await given.holder();
      const keyId = given.text("keyId");
      await removeCertificate(given.administrator, holder, keyId);
      return [`Removed the certificate ${keyId} from ${describeHolder(holder)}.`];
    },
  },
];

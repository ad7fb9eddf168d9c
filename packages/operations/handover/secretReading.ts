import { shellQuoted } from "../cloud/graphRequest";
import type { ConsumerCredential, ConsumerSettings } from "./consumerSettings";

/** What a file says about itself, in a line each. */
export function heading({ client }: ConsumerSettings, purpose: string): readonly string[] {
  return [
    `DICOM service client ${client}: ${purpose}.`,
    "Written by dicom-ops handover. It contains no secret; the identifiers are not secret.",
  ];
}

/** The command of a shell that prints the client's secret; undefined of a client that has none. */
export function secretCommand(credential: ConsumerCredential): string | undefined {
  switch (credential.kind) {
    case "vault":
      return `az keyvault secret show --id ${shellQuoted(`${credential.vaultUrl}/secrets/${credential.secretName}`)} --query value --output tsv`;
    case "output":
      return credential.command;
    case "federated":
    case "certificate":
    case "identity":
      return undefined;
  }
}

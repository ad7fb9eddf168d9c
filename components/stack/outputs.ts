import * as pulumi from "@pulumi/pulumi";
import type { ClientOutputs, SecretOutput } from "../clientArgs";
import type { DicomServiceClient } from "../dicomServiceClient";
import { plainOutputs } from "../outputs";

/** What the stack shows of one client. Nothing in it is secret. */
export type ShownOutputs = Omit<ClientOutputs, SecretOutput>;

/** The values of one client's secrets. */
export interface ClientSecrets {
  /** The value to use. */
  readonly current: pulumi.Output<string | undefined>;
  /** The value before, while it is still valid. */
  readonly previous: pulumi.Output<string | undefined>;
}

/** The stack's outputs. */
export interface StackOutputs extends Record<string, unknown> {
  /** By the clients' names. */
  readonly clients: Readonly<Record<string, ShownOutputs>>;
  /** By the clients' names, but for those whose secrets stay in a key vault. A Pulumi secret. */
  readonly clientSecrets: pulumi.Output<Readonly<Record<string, pulumi.Unwrap<ClientSecrets>>>>;
  /** Application (client) id; only of a stack with exactly one client. */
  readonly clientId?: pulumi.Output<string>;
  /** Key id of the current secret; only of a stack with exactly one client. */
  readonly clientSecretId?: pulumi.Output<string | undefined>;
  /** Value of the current secret, a Pulumi secret; only of a stack with exactly one client. */
  readonly clientSecret?: pulumi.Output<string | undefined>;
}

/** A client that has been declared. */
export interface NamedClient {
  readonly name: string;
  readonly client: DicomServiceClient;
  /** Whether it has a secret. */
  readonly hasSecret: boolean;
  /** Whether the values of its secrets may be outputs; otherwise they are in the key vault only. */
  readonly exportsSecret: boolean;
}

/** Gathers the outputs of all clients. */
export function stackOutputs(clients: readonly NamedClient[]): StackOutputs {
  const [first, ...others] = clients;
  const only = others.length === 0 ? first : undefined;
  return {
    clients: Object.fromEntries(clients.map(({ name, client }) => [name, shownOutputs(client)])),
    clientSecrets: pulumi.secret(
      Object.fromEntries(
        clients
          .filter(({ exportsSecret }) => exportsSecret)
          .map(({ name, client }): [string, ClientSecrets] => [
            name,
            { current: client.clientSecret, previous: client.previousClientSecret },
          ]),
      ),
    ),
    ...(only && {
      clientId: only.client.clientId,
      ...(only.hasSecret ? { clientSecretId: only.client.secretId } : {}),
      ...(only.hasSecret && only.exportsSecret ? { clientSecret: only.client.clientSecret } : {}),
    }),
  };
}

function shownOutputs(client: DicomServiceClient): ShownOutputs {
  const names = Object.keys(plainOutputs) as (keyof ShownOutputs)[];
  return Object.fromEntries(names.map((name) => [name, client[name]])) as unknown as ShownOutputs;
}

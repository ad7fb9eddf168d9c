import { z } from "zod";
import { jsonText } from "dicom-service-client/model";
import { withCloud } from "../cloud/openCloud";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError, throwTogether } from "../operationError";
import { givenCredentials, type GivenFile } from "../verify/givenCredentials";
import { placeTokens } from "../verify/placeTokens";
import type { PublishedSecrets } from "../verify/publishedCredentials";
import { roleCacheSeconds } from "../verify/serviceStage";
import type { Verification } from "../verify/verification";
import { verificationText } from "../verify/verificationText";
import { verifyClient } from "../verify/verifyClient";
import { chooseClients } from "./chooseClients";
import { readGivenFile } from "./givenFile";
import { openStack, type OperationContext } from "./operation";

/** What `verify` is asked for. */
export interface VerifyChoices {
  readonly format: "text" | "json";
  /** Names of clients; default all. */
  readonly client?: readonly string[];
  /** Seconds to wait for roles to take effect, or as long as a DICOM service takes; default 0. */
  readonly wait?: number | true;
  readonly write?: boolean;
  /** File with the private key of a declared certificate. */
  readonly certificateKey?: string;
  /** File with a token of a declared issuer. */
  readonly federatedToken?: string;
}

/**
 * Proves that clients work with their published credentials.
 *
 * @returns 1 when any stage failed, 7 when none did and nothing could be tried of a client
 */
export async function verify(context: OperationContext, choices: VerifyChoices): Promise<ExitCode> {
  const { console } = context;
  const { write = false, wait = 0 } = choices;
  const problems: OperationError[] = [];
  const certificateKey = await givenFile(context, choices.certificateKey, problems);
  const federatedToken = await givenFile(context, choices.federatedToken, problems);
  throwTogether(problems);
  const { project, declaration } = await openStack(context);
  const clients = chooseClients(declaration, choices.client);
  const given = givenCredentials(
    {
      ...(certificateKey === undefined ? {} : { certificateKey }),
      ...(federatedToken === undefined ? {} : { federatedToken }),
    },
    clients,
    declaration,
  );
  const secrets = publishedSecrets(await project.outputsWithSecrets(), declaration.stack);
  const verification = await withCloud(context, declaration, async (cloud): Promise<Verification> => {
    const placed = await placeTokens(clients, {
      env: context.env,
      api: declaration.api,
      transport: cloud.transport,
      console,
    });
    const verified = [];
    for (const client of clients) {
      verified.push(
        await verifyClient(client, {
          declaration,
          cloud,
          console,
          secrets: secrets.get(client.name),
          given,
          placed,
          depth: { wait: wait === true ? roleCacheSeconds : wait, write },
        }),
      );
    }
    const works = verified.length > 0 && verified.every(({ verdict }) => verdict === "works");
    const notChosen = declaration.clients
      .filter((client) => !clients.includes(client))
      .map(({ name }) => name);
    return { version: 1, stack: declaration.stack, works, clients: verified, notChosen };
  });
  await console.result(
    choices.format === "json"
      ? `${jsonText(verification)}\n`
      : verificationText(verification, console.colours),
  );
  if (verification.works) return exitCode.ok;
  return verification.clients.some(({ verdict }) => verdict === "fails") || clients.length === 0
    ? exitCode.failed
    : exitCode.differences;
}

const outputs = z.looseObject({
  clientSecrets: z
    .record(
      z.string(),
      z.looseObject({ current: z.string().exactOptional(), previous: z.string().exactOptional() }),
    )
    .default({}),
});

function publishedSecrets(read: unknown, stack: string): ReadonlyMap<string, PublishedSecrets> {
  const result = outputs.safeParse(read);
  if (!result.success) {
    throw new OperationError("The stack's outputs have a form that this version does not know.", {
      cure: `Run \`pulumi up --stack ${stack}\` with this version of the project.`,
    });
  }
  return new Map(Object.entries(result.data.clientSecrets));
}

/** @param problems gets the one of a file that cannot be read */
async function givenFile(
  { cwd }: OperationContext,
  file: string | undefined,
  problems: OperationError[],
): Promise<GivenFile | undefined> {
  if (file === undefined) return undefined;
  try {
    return { file, text: await readGivenFile(cwd, file) };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    problems.push(error);
    return undefined;
  }
}

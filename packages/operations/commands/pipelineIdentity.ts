import { exchangeAudience } from "dicom-service-client/model";
import type { Console } from "../console/console";
import { exitCode, type ExitCode } from "../exitCode";
import { OperationError } from "../operationError";
import type { OperateResult } from "../pipeline/pipelineContext";
import { AzGraph } from "../trust/azGraph";
import { githubIssuer, githubSubject } from "../trust/githubSubject";
import { makeIdentity, type TrustedPlace } from "../trust/makeIdentity";
import { toolRunner, type RunTool } from "../trust/toolRun";

/** What `pipelines identity` is asked for. */
export interface IdentityChoices {
  readonly name?: string;
  readonly for: "deploy" | "drift";
  readonly stacks: readonly string[];
  readonly github?: string;
  readonly environment?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly show?: boolean;
}

/** What `pipelines identity` works with. */
export interface IdentitySurroundings {
  readonly console: Console;
  readonly env: NodeJS.ProcessEnv;
  /** Runs another command of the operations. */
  readonly operate: (argv: readonly string[]) => Promise<OperateResult>;
}

/** Makes an identity for pipelines, or brings up to date what it may do. */
export async function pipelineIdentity(
  { console, env, operate }: IdentitySurroundings,
  choices: IdentityChoices,
): Promise<ExitCode> {
  const { name } = choices;
  if (choices.show) refuseUnused(choices);
  else if (!name?.trim()) {
    throw new OperationError("The application has no name.", { cure: "Give --name, or --show." });
  }
  const note = (line: string): void => void console.say(line);
  const run = toolRunner(env, console.signal);
  const place = choices.show ? undefined : await trustedPlace(choices, run, note);
  const scripts = new Map<string, string>();
  for (const stack of choices.stacks) scripts.set(stack, await rightsScript(stack, choices.for, operate));
  if (place === undefined || name === undefined) {
    await console.result([...scripts.values()].join("\n"));
    return exitCode.ok;
  }
  const graph = await AzGraph.open(run, (milliseconds) => console.clock.sleep(milliseconds));
  const audience = exchangeAudience(graph.account.login);
  const identity = await makeIdentity(graph, name, { ...place, audience }, note);
  const grant = toolRunner({ ...env, PRINCIPAL: identity.principalId }, console.signal);
  for (const [stack, script] of scripts) {
    const { code, stdout, stderr } = await grant("sh", ["-s"], script);
    if (stdout.trim() !== "") note(stdout.trimEnd());
    if (code !== 0) {
      throw new OperationError(
        `The application ${identity.clientId} exists, but lacks some of its rights for the stack ${stack}.`,
        {
          cause: stderr.trim(),
          cure: "Run the command again once that is fixed, or have somebody run the script that --show prints.",
        },
      );
    }
    if (stderr.trim() !== "") note(stderr.trimEnd());
    note(`Has its rights for the stack ${stack}`);
  }
  await console.result(
    [
      `AZURE_CLIENT_ID=${identity.clientId}`,
      `AZURE_TENANT_ID=${graph.account.tenantId}`,
      ...(choices.for === "deploy" ? [`deployingIdentity=${identity.principalId}`] : []),
      "",
    ].join("\n"),
  );
  return exitCode.ok;
}

/** @throws OperationError when anything is given that makes no difference to what is shown */
function refuseUnused(choices: IdentityChoices): void {
  const given = (["name", "github", "environment", "issuer", "subject"] as const).filter(
    (option) => choices[option] !== undefined,
  );
  if (given.length === 0) return;
  throw new OperationError(`--show does nothing with ${given.map((one) => `--${one}`).join(" and ")}.`, {
    cure: "Leave out either: what is to be granted hangs on --for and --stacks alone.",
  });
}

/** The script that gives an identity what a stack needs, and brings up to date what it gave before. */
async function rightsScript(
  stack: string,
  purpose: string,
  operate: IdentitySurroundings["operate"],
): Promise<string> {
  const { code, stdout } = await operate([
    "rights",
    "--stack",
    stack,
    "--for",
    purpose,
    "--format",
    "commands",
  ]);
  if (code === exitCode.ok) return stdout;
  throw new OperationError(`The rights for the stack ${stack} are not known, so nothing was created.`, {
    cure: "See above for what is wrong with the stack.",
  });
}

async function trustedPlace(
  { github, environment, issuer, subject }: IdentityChoices,
  run: RunTool,
  note: (line: string) => void,
): Promise<TrustedPlace> {
  if (github !== undefined && environment !== undefined && issuer === undefined && subject === undefined) {
    const found = await githubSubject(github, environment, run);
    note(`GitHub names the jobs ${found.subject}`);
    if (found.isRecyclable) {
      note(
        `That is the name only: anyone who takes over the name ${github} later is trusted. GitHub includes the ids after\n` +
          `  gh api --method PUT repos/${github}/actions/oidc/customization/sub -F use_default=true -F use_immutable_subject=true\n` +
          "which changes what every cloud sees that trusts this repository. Then run this command again.",
      );
    }
    return { issuer: githubIssuer, subject: found.subject };
  }
  if (github === undefined && environment === undefined && issuer !== undefined && subject !== undefined) {
    if (!/^https:\/\/[^/\s]+/.test(issuer)) {
      throw new OperationError(`${JSON.stringify(issuer)} is not an issuer.`, {
        cure: "Write an https address, as the service connection or a refused run shows it.",
      });
    }
    if (subject === "" || subject !== subject.trim() || /[*\p{Cc}]/u.test(subject)) {
      throw new OperationError(`${JSON.stringify(subject)} is not the subject of any token.`, {
        cure: "Write it out as a refused run shows it: Entra compares it character by character, including *.",
      });
    }
    return { issuer, subject };
  }
  throw new OperationError("It is not specified which jobs to trust.", {
    cure:
      "Give --github owner/repository with --environment, or --issuer with --subject, and nothing of the other pair. " +
      "Or give --show to see what would be granted.",
  });
}

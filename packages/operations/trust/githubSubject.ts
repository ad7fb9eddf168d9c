import { z } from "zod";
import { outsideFacts } from "dicom-service-client/model";
import { shellQuoted } from "../cloud/graphRequest";
import { parsedJson } from "../cloud/parsedJson";
import { OperationError } from "../operationError";
import { ToolMissing, type RunTool } from "./toolRun";

/** Issuer of the tokens of jobs on github.com. */
export const githubIssuer = outsideFacts.githubIssuer.value;

/** What GitHub says about the subjects of a repository's tokens. */
const customization = z.looseObject({
  use_default: z.boolean(),
  sub_claim_prefix: z.string().optional(),
});

/** How the tokens of a repository's jobs begin their subject, and what there is to know about it. */
export interface GithubSubject {
  readonly subject: string;
  /** Whether it names owner and repository by name alone, so that whoever takes the name over is trusted. */
  readonly isRecyclable: boolean;
}

/**
 * Asks GitHub how the tokens of a repository's jobs name them: with the ids of owner and repository (immutable subjects, for repositories
 * that were created, renamed or transferred since July 2026, and those that opted in), or by their names alone.
 *
 * Source: https://docs.github.com/actions/reference/security/oidc and https://docs.github.com/rest/actions/oidc
 *
 * @param repository `owner/repository`
 * @throws OperationError when that cannot be found out; the cure is how to
 */
export async function githubSubject(
  repository: string,
  environment: string,
  run: RunTool,
): Promise<GithubSubject> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new OperationError(`${JSON.stringify(repository)} is not a GitHub repository.`, {
      cure: "Write --github owner/repository.",
    });
  }
  const path = `repos/${repository}/actions/oidc/customization/sub`;
  const answer = await ask(path, environment, run);
  const read = customization.safeParse(answer);
  const prefix = read.data?.sub_claim_prefix;
  if (!read.success || prefix === undefined || !prefix.startsWith("repo:")) {
    throw new OperationError(`GitHub does not say which subject the tokens of ${repository} have.`, {
      cause: `Asked for ${path}, it answers ${JSON.stringify(answer)}.`,
      cure: shownByARun(environment),
    });
  }
  if (!read.data.use_default) {
    throw new OperationError(`${repository} has customized subjects.`, {
      cause: `Its template of the subject is not GitHub's default: ${JSON.stringify(answer)}.`,
      cure: shownByARun(environment),
    });
  }
  return { subject: `${prefix}:environment:${escaped(environment)}`, isRecyclable: !isImmutable(prefix) };
}

/** Whether tokens of an issuer are of jobs on github.com, also of an enterprise that has an issuer of its own. */
export function isGithubIssuer(issuer: string): boolean {
  return issuer === githubIssuer || issuer.startsWith(`${githubIssuer}/`);
}

/** Whether a subject of GitHub names owner and repository by their ids, too, as its default form or a template of one's own may do. */
export function isImmutable(subject: string): boolean {
  return (
    /^repo:[^/:@]+@\d+\/[^:@]+@\d+(:|$)/.test(subject) || /(^|:)repository_(owner_)?id:\d+(:|$)/.test(subject)
  );
}

/** GitHub writes the colons of an environment's name as `%3A`. */
function escaped(environment: string): string {
  return environment.replaceAll(":", "%3A");
}

async function ask(path: string, environment: string, run: RunTool): Promise<unknown> {
  const byHand = [
    "Ask GitHub yourself, with a token that may read the repository:",
    `  curl --header "Authorization: Bearer $GITHUB_TOKEN" https://api.github.com/${path}`,
    `and give its sub_claim_prefix with --issuer ${githubIssuer} --subject ${shellQuoted(`<sub_claim_prefix>:environment:${escaped(environment)}`)}.`,
    shownByARun(environment),
  ].join("\n");
  try {
    // An enterprise's server, which GH_HOST may name, has another issuer.
    const { code, stdout, stderr } = await run("gh", ["api", "--hostname", "github.com", path]);
    // What is no JSON, as of a proxy that asks for a sign-in, is shown as it is.
    if (code === 0) return parsedJson(stdout) ?? stdout;
    throw new OperationError("GitHub does not say which subject the repository's tokens have.", {
      cause: stderr.trim() || stdout.trim(),
      cure: `Sign in with \`gh auth login\` as somebody who may read the repository's settings.\n${byHand}`,
    });
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    throw new OperationError("gh, which asks GitHub for the subject, is not installed.", {
      cure: byHand,
    });
  }
}

function shownByARun(environment: string): string {
  return [
    `Or run a job in the environment ${environment}: its log says "Signs in … for the subject …", and so does a refused sign-in (AADSTS700213).`,
    `Give that subject with --issuer ${githubIssuer} --subject.`,
  ].join(" ");
}

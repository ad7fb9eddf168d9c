import { z } from "zod";
import type { Console } from "../console/console";
import { OperationError } from "../operationError";
import { closingComment, issueLabel, issueTitle, markerOf, type Reporting } from "./reporting";
import { ReportingClient } from "./reportingClient";
import type { DriftVerdict } from "./stackDrift";

const issues = z.array(z.looseObject({ number: z.number(), pull_request: z.unknown().optional() }));
const comments = z.array(
  z.looseObject({
    id: z.number(),
    body: z.string().nullish(),
    user: z.looseObject({ type: z.string() }).nullish(),
  }),
);

const pageSize = 100;

/**
 * Reports on GitHub, by its REST API. Reads `GITHUB_REPOSITORY`, `GITHUB_API_URL` and `GH_TOKEN`, which may be the job's own.
 *
 * Sources: https://docs.github.com/rest/issues/issues, https://docs.github.com/rest/issues/comments,
 * https://docs.github.com/rest/issues/labels
 */
export class GithubReporting implements Reporting {
  private constructor(
    private readonly client: ReportingClient,
    /** Address of the repository in the API. */
    private readonly repository: string,
  ) {}

  static use<T>(
    env: NodeJS.ProcessEnv,
    console: Console,
    work: (reporting: Reporting) => Promise<T>,
  ): Promise<T> {
    const repository = env["GITHUB_REPOSITORY"];
    const token = env["GH_TOKEN"];
    if (!repository || !token) {
      throw new OperationError("GH_TOKEN or GITHUB_REPOSITORY is not set.", {
        cure: "Give the step GH_TOKEN: ${{ github.token }} in its env.",
      });
    }
    const api = env["GITHUB_API_URL"] || "https://api.github.com";
    return ReportingClient.use(token, { env, console, accept: "application/vnd.github+json" }, (client) =>
      work(new GithubReporting(client, `${api}/repos/${repository}`)),
    );
  }

  async keepIssue(stack: string, verdict: DriftVerdict, report: string): Promise<void> {
    const needs = "the permission `issues: write`";
    const label = issueLabel(stack);
    const found = issues.parse(
      await this.client.json({
        method: "GET",
        url: `${this.repository}/issues?state=open&per_page=${pageSize}&labels=${encodeURIComponent(label)}`,
        needs,
      }),
    );
    // GitHub lists pull requests among the issues.
    const number = found.find((one) => one.pull_request === undefined)?.number;
    if (verdict === "clean") {
      if (number === undefined) return;
      const issue = `${this.repository}/issues/${number}`;
      await this.client.send({
        method: "POST",
        url: `${issue}/comments`,
        body: { body: closingComment },
        needs,
      });
      await this.client.send({ method: "PATCH", url: issue, body: { state: "closed" }, needs });
      return;
    }
    const content = { title: issueTitle(stack, verdict), body: report };
    if (number !== undefined) {
      await this.client.send({
        method: "PATCH",
        url: `${this.repository}/issues/${number}`,
        body: content,
        needs,
      });
      return;
    }
    await this.client.send({
      method: "POST",
      url: `${this.repository}/labels`,
      body: { name: label, description: "Drift and rotations of this stack", color: "d4c5f9" },
      needs,
      accepted: [422], // it is there
    });
    await this.client.send({
      method: "POST",
      url: `${this.repository}/issues`,
      body: { ...content, labels: [label] },
      needs,
    });
  }

  async comment(pullRequest: string, text: string): Promise<void> {
    const needs = "the permission `pull-requests: write`";
    const list = `${this.repository}/issues/${encodeURIComponent(pullRequest)}/comments`;
    const before = await this.findComment(list, markerOf(text), needs);
    await this.client.send(
      before === undefined
        ? { method: "POST", url: list, body: { body: text }, needs }
        : {
            method: "PATCH",
            url: `${this.repository}/issues/comments/${before}`,
            body: { body: text },
            needs,
          },
    );
  }

  private async findComment(list: string, marker: string, needs: string): Promise<number | undefined> {
    for (let page = 1; ; page += 1) {
      const url = `${list}?per_page=${pageSize}&page=${page}`;
      const read = comments.parse(await this.client.json({ method: "GET", url, needs }));
      const found = read.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(marker));
      if (found) return found.id;
      if (read.length < pageSize) return undefined;
    }
  }
}

import { z } from "zod";
import { escapeHtml } from "../console/markup";
import type { Console } from "../console/console";
import { OperationError } from "../operationError";
import { closingComment, issueLabel, issueTitle, markerOf, type Reporting } from "./reporting";
import { ReportingClient } from "./reportingClient";
import type { DriftVerdict } from "./stackDrift";

const queryResult = z.looseObject({ workItems: z.array(z.looseObject({ id: z.number() })) });
const workItems = z.looseObject({
  value: z.array(
    z.looseObject({ id: z.number(), fields: z.looseObject({ "System.Tags": z.string().default("") }) }),
  ),
});
const threads = z.looseObject({
  value: z.array(
    z.looseObject({
      id: z.number(),
      comments: z.array(z.looseObject({ id: z.number(), content: z.string().nullish() })).default([]),
    }),
  ),
});

const version = "api-version=7.1";

/** What a place in Azure DevOps is found by. */
interface AzureProject {
  /** Address of the organization, with a slash at its end. */
  readonly collection: string;
  readonly project: string;
  readonly repositoryId: string;
  /** Type of a work item, and the state that it is closed by, in the project's process. */
  readonly itemType: string;
  readonly closedState: string;
}

/**
 * Reports in Azure DevOps, by its REST API. Reads `SYSTEM_ACCESSTOKEN`, which is $(System.AccessToken), the variables that every job has,
 * and `WORK_ITEM_TYPE` and `WORK_ITEM_CLOSED`: Issue and Done (the default) in the process Basic, Task and Closed in Agile.
 *
 * Sources: https://learn.microsoft.com/rest/api/azure/devops/wit/wiql/query-by-wiql,
 * https://learn.microsoft.com/rest/api/azure/devops/wit/work-items,
 * https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads
 */
export class AzureReporting implements Reporting {
  private constructor(
    private readonly client: ReportingClient,
    private readonly place: AzureProject,
  ) {}

  static use<T>(
    env: NodeJS.ProcessEnv,
    console: Console,
    work: (reporting: Reporting) => Promise<T>,
  ): Promise<T> {
    const token = env["SYSTEM_ACCESSTOKEN"];
    const collection = env["SYSTEM_COLLECTIONURI"];
    const project = env["SYSTEM_TEAMPROJECT"];
    if (!token || !collection || !project) {
      throw new OperationError("SYSTEM_ACCESSTOKEN, SYSTEM_COLLECTIONURI or SYSTEM_TEAMPROJECT is not set.", {
        cure: "Give the step SYSTEM_ACCESSTOKEN: $(System.AccessToken) in its env.",
      });
    }
    const place: AzureProject = {
      collection: collection.replace(/\/*$/, "/"),
      project,
      repositoryId: env["BUILD_REPOSITORY_ID"] ?? "",
      itemType: env["WORK_ITEM_TYPE"] || "Issue",
      closedState: env["WORK_ITEM_CLOSED"] || "Done",
    };
    return ReportingClient.use(token, { env, console, accept: "application/json" }, (client) =>
      work(new AzureReporting(client, place)),
    );
  }

  async keepIssue(stack: string, verdict: DriftVerdict, report: string): Promise<void> {
    const { collection, itemType, closedState } = this.place;
    const tag = issueLabel(stack);
    const id = await this.findWorkItem(tag);
    const needs = 'the right "Edit work items in this node" for the build service';
    const contentType = "application/json-patch+json";
    const set = (fields: Readonly<Record<string, string>>): unknown =>
      Object.entries(fields).map(([field, value]) => ({ op: "add", path: `/fields/${field}`, value }));
    const item = `${collection}_apis/wit/workitems/${id ?? ""}?${version}`;
    if (verdict === "clean") {
      if (id === undefined) return;
      const body = set({ "System.State": closedState, "System.History": closingComment });
      await this.client.send({ method: "PATCH", url: item, body, contentType, needs });
      return;
    }
    const content = {
      "System.Title": issueTitle(stack, verdict),
      // The description is HTML. Of the report only what is in it as text is shown, which nothing can be smuggled through.
      "System.Description": `<pre>${report.split("\n").map(escapeHtml).join("\n")}</pre>`,
    };
    await this.client.send(
      id === undefined
        ? {
            method: "POST",
            url: `${this.projectAddress}/_apis/wit/workitems/$${encodeURIComponent(itemType)}?${version}`,
            body: set({ ...content, "System.Tags": tag }),
            contentType,
            needs,
          }
        : { method: "PATCH", url: item, body: set(content), contentType, needs },
    );
  }

  async comment(pullRequest: string, text: string): Promise<void> {
    const needs = 'the right "Contribute to pull requests" for the build service';
    const { repositoryId } = this.place;
    const list = `${this.projectAddress}/_apis/git/repositories/${encodeURIComponent(repositoryId)}/pullRequests/${encodeURIComponent(pullRequest)}/threads`;
    const { value } = threads.parse(
      await this.client.json({ method: "GET", url: `${list}?${version}`, needs }),
    );
    const marker = markerOf(text);
    const thread = value.find(({ comments: [first] }) => first?.content?.startsWith(marker));
    const [comment] = thread?.comments ?? [];
    if (thread && comment) {
      const url = `${list}/${thread.id}/comments/${comment.id}?${version}`;
      await this.client.send({ method: "PATCH", url, body: { content: text }, needs });
      return;
    }
    // A closed thread does not stand in the way of completing the pull request.
    await this.client.send({
      method: "POST",
      url: `${list}?${version}`,
      body: { status: "closed", comments: [{ parentCommentId: 0, commentType: "text", content: text }] },
      needs,
    });
  }

  private get projectAddress(): string {
    const { collection, project } = this.place;
    return `${collection}${encodeURIComponent(project)}`;
  }

  /** The open work item with a tag. The query finds what contains it, so that the tags are compared again. */
  private async findWorkItem(tag: string): Promise<number | undefined> {
    const { collection, project, closedState } = this.place;
    const needs = 'the right "View work items in this node" for the build service';
    const query = `SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = ${wiqlText(project)}
      AND [System.Tags] CONTAINS ${wiqlText(tag)} AND [System.State] <> ${wiqlText(closedState)} ORDER BY [System.Id]`;
    const { workItems: hits } = queryResult.parse(
      await this.client.json({
        method: "POST",
        url: `${this.projectAddress}/_apis/wit/wiql?${version}&$top=200`,
        body: { query },
        needs,
      }),
    );
    if (hits.length === 0) return undefined;
    const ids = hits.map(({ id }) => id).join(",");
    const { value } = workItems.parse(
      await this.client.json({
        method: "GET",
        url: `${collection}_apis/wit/workitems?ids=${ids}&fields=System.Tags&${version}`,
        needs,
      }),
    );
    return value.find(({ fields }) =>
      fields["System.Tags"].split(";").some((one) => one.trim().toLowerCase() === tag.toLowerCase()),
    )?.id;
  }
}

/** A text in a query of Azure Boards. */
function wiqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

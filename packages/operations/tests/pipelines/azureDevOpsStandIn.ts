import assert from "node:assert/strict";
import type { RestAnswer, RestRequest } from "./restServer";

interface WorkItem {
  readonly id: number;
  readonly type: string;
  title: string;
  description: string;
  state: string;
  tags: string;
  readonly discussion: string[];
}

interface Thread {
  readonly id: number;
  readonly comments: { id: number; content: string }[];
}

const fieldNames = {
  "System.Title": "title",
  "System.Description": "description",
  "System.State": "state",
  "System.Tags": "tags",
} as const;

/**
 * The REST API of Azure DevOps, as far as pipelines report there: the work items of a project, whose name has an apostrophe and a
 * blank, and the threads of pull request 7. https://learn.microsoft.com/rest/api/azure/devops
 */
export class AzureDevOpsStandIn {
  static readonly project = "Radiology's imaging";
  readonly workItems: WorkItem[] = [];
  readonly threads: Thread[] = [];
  private nextId = 300;

  /** @param isKnown whether a token is one of a job's */
  constructor(private readonly isKnown: (authorization: string) => boolean) {}

  readonly handle = (request: RestRequest): RestAnswer => {
    const { method, path, query, authorization, contentType, body } = request;
    if (!this.isKnown(authorization)) return { status: 401 };
    assert.equal(query.get("api-version"), "7.1");
    const inProject = `/contoso/${AzureDevOpsStandIn.project}/_apis/`;
    if (path === `${inProject}wit/wiql` && method === "POST") {
      return { json: { queryType: "flat", workItems: this.find((body as { query: string }).query) } };
    }
    if (path === "/contoso/_apis/wit/workitems" && method === "GET") {
      const ids = (query.get("ids") ?? "").split(",");
      const value = this.workItems
        .filter(({ id }) => ids.includes(String(id)))
        .map(({ id, tags }) => ({ id, fields: { "System.Tags": tags } }));
      return { json: { count: value.length, value } };
    }
    const [, type] = /^wit\/workitems\/\$(\w+)$/.exec(path.replace(inProject, "")) ?? [];
    const [, id] = /^\/contoso\/_apis\/wit\/workitems\/(\d+)$/.exec(path) ?? [];
    if ((type !== undefined && method === "POST") || (id !== undefined && method === "PATCH")) {
      assert.equal(contentType, "application/json-patch+json");
      const item =
        id === undefined ? this.create(type ?? "") : this.workItems.find((one) => String(one.id) === id);
      assert.ok(item, "no such work item");
      change(item, body);
      return { json: { id: item.id } };
    }
    const [, thread, comment] =
      /^git\/repositories\/repository-id\/pullRequests\/7\/threads(?:\/(\d+)\/comments\/(\d+))?$/.exec(
        path.replace(inProject, ""),
      ) ?? assert.fail(`there is no ${path}`);
    if (thread !== undefined) {
      assert.equal(method, "PATCH");
      const found = this.threads
        .find((one) => String(one.id) === thread)
        ?.comments.find((one) => String(one.id) === comment);
      (found ?? assert.fail("no such comment")).content = (body as { content: string }).content;
      return { json: found };
    }
    if (method === "POST") {
      const { comments } = body as { readonly comments: readonly { readonly content: string }[] };
      this.threads.push({
        id: this.nextId++,
        comments: comments.map(({ content }, index) => ({ id: index + 1, content })),
      });
    }
    return { json: { value: this.threads } };
  };

  /** Tags are found by a part of them, in any letter case, and a name that is not quoted right is refused. No hit is an empty list. */
  private find(wiql: string): readonly { id: number }[] {
    const [, project, tag, closed] =
      /\[System\.TeamProject\] = '((?:[^']|'')*)'\s+AND \[System\.Tags\] CONTAINS '([^']*)' AND \[System\.State\] <> '([^']*)' ORDER BY \[System\.Id\]$/.exec(
        wiql,
      ) ?? assert.fail(`TF51006: the query cannot be parsed: ${wiql}`);
    assert.equal(project?.replaceAll("''", "'"), AzureDevOpsStandIn.project);
    return this.workItems
      .filter(({ tags, state }) => tags.toLowerCase().includes((tag ?? "").toLowerCase()) && state !== closed)
      .map(({ id }) => ({ id }));
  }

  private create(type: string): WorkItem {
    const item = {
      id: this.nextId++,
      type,
      title: "",
      description: "",
      state: "To Do",
      tags: "",
      discussion: [],
    };
    this.workItems.push(item);
    return item;
  }
}

function change(item: WorkItem, body: unknown): void {
  for (const { op, path, value } of body as readonly { op: string; path: string; value: string }[]) {
    assert.equal(op, "add");
    const field = path.replace("/fields/", "");
    if (field === "System.History") item.discussion.push(value);
    else item[fieldNames[field as keyof typeof fieldNames] ?? assert.fail(field)] = value;
  }
}

import assert from "node:assert/strict";
import type { RestAnswer, RestRequest } from "./restServer";

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  readonly labels: readonly string[];
  open: boolean;
  readonly comments: string[];
  /** Of a pull request, which GitHub lists among the issues. */
  readonly pull_request?: object;
}

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

/** The token of the job, with the permissions that the workflow gives it. */
export const githubToken = "github-token";

/**
 * GitHub's REST API, as far as pipelines report there: issues, labels, and the comments of pull request 7 of one repository.
 * https://docs.github.com/rest/issues
 */
export class GithubStandIn {
  readonly issues: Issue[] = [];
  readonly comments: Comment[] = [];
  readonly labels = new Set<string>();
  private nextId = 100;

  readonly handle = ({ method, path, query, authorization, body }: RestRequest): RestAnswer => {
    if (authorization !== `Bearer ${githubToken}`)
      return { status: 401, json: { message: "Bad credentials" } };
    const rest = /^\/repos\/contoso\/imaging\/(.*)$/.exec(path)?.[1];
    const fields = (body ?? {}) as Readonly<Record<string, unknown>>;
    if (rest === "issues" && method === "GET") return this.list(query);
    if (rest === "issues" && method === "POST") return this.create(fields);
    if (rest === "labels" && method === "POST") return this.label(String(fields["name"]));
    if (rest === "issues/7/comments" && method === "GET") return this.listComments(query);
    if (rest === "issues/7/comments" && method === "POST") {
      const comment = { id: this.nextId++, body: checked(fields["body"]), user: { type: "Bot" } };
      this.comments.push(comment);
      return { status: 201, json: comment };
    }
    const [, commentId] = /^issues\/comments\/(\d+)$/.exec(rest ?? "") ?? [];
    const comment = this.comments.find(({ id }) => String(id) === commentId);
    if (comment && method === "PATCH") {
      comment.body = checked(fields["body"]);
      return { json: comment };
    }
    const [, number, comments] = /^issues\/(\d+)(\/comments)?$/.exec(rest ?? "") ?? [];
    const issue = this.issues.find((one) => String(one.number) === number);
    if (issue && comments !== undefined && method === "POST") {
      issue.comments.push(checked(fields["body"]));
      return { status: 201, json: {} };
    }
    if (issue && comments === undefined && method === "PATCH") {
      if (typeof fields["title"] === "string") issue.title = fields["title"];
      if (fields["body"] !== undefined) issue.body = checked(fields["body"]);
      if (fields["state"] === "closed") issue.open = false;
      return { json: issue };
    }
    return { status: 404, json: { message: "Not Found" } };
  };

  private list(query: URLSearchParams): RestAnswer {
    assert.equal(query.get("state"), "open");
    const wanted = query.get("labels") ?? "";
    const found = this.issues.filter(({ open, labels }) => open && labels.includes(wanted));
    return { json: found.slice(0, Number(query.get("per_page") ?? 30)) };
  }

  private create(fields: Readonly<Record<string, unknown>>): RestAnswer {
    const labels = fields["labels"] as readonly string[];
    for (const label of labels) assert.ok(this.labels.has(label), `no label ${label}`);
    const issue: Issue = {
      number: this.nextId++,
      title: String(fields["title"]),
      body: checked(fields["body"]),
      labels,
      open: true,
      comments: [],
    };
    this.issues.push(issue);
    return { status: 201, json: issue };
  }

  private label(name: string): RestAnswer {
    if (this.labels.has(name)) {
      return { status: 422, json: { message: "Validation Failed", errors: [{ code: "already_exists" }] } };
    }
    this.labels.add(name);
    return { status: 201, json: { name } };
  }

  private listComments(query: URLSearchParams): RestAnswer {
    const size = Number(query.get("per_page") ?? 30);
    const start = (Number(query.get("page") ?? 1) - 1) * size;
    return { json: this.comments.slice(start, start + size) };
  }
}

function checked(body: unknown): string {
  const text = String(body);
  assert.ok(text.length <= 65_536, "body is too long (maximum is 65536 characters)");
  return text;
}

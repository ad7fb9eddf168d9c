import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { CommandAnswer } from "./commandBridge";
import { readArguments } from "./commandArguments";

interface WorkItem {
  readonly id: number;
  readonly type: string;
  title: string;
  description: string;
  state: string;
  readonly tags: string;
  readonly discussion: string[];
}

interface Thread {
  readonly id: number;
  readonly comments: { id: number; content: string }[];
}

/** The options of the Azure DevOps extension's commands that scripts here may use. */
const flags: Readonly<Record<string, Readonly<Record<string, 1 | "many">>>> = {
  "boards query": { organization: 1, project: 1, wiql: 1, output: 1 },
  "boards work-item create": {
    organization: 1,
    project: 1,
    type: 1,
    title: 1,
    description: 1,
    fields: "many",
    output: 1,
  },
  "boards work-item update": {
    organization: 1,
    id: 1,
    title: 1,
    description: 1,
    state: 1,
    discussion: 1,
    output: 1,
  },
  "devops invoke": {
    organization: 1,
    area: 1,
    resource: 1,
    "http-method": 1,
    "api-version": 1,
    "route-parameters": "many",
    "in-file": 1,
    output: 1,
  },
};

/** Azure DevOps as the command `az` sees it: the work items and the threads of one pull request. */
export class AzureDevOpsStandIn {
  readonly workItems: WorkItem[] = [];
  readonly threads: Thread[] = [];
  private nextId = 300;

  /** Answers one call of `az boards` or `az devops`. */
  readonly command = (argv: readonly string[]): CommandAnswer => {
    const name = Object.keys(flags).find((known) => argv.join(" ").startsWith(`${known} `));
    if (name === undefined) throw new Error(`'${argv.join(" ")}' is misspelled or not recognized`);
    const { positional, options } = readArguments(argv.slice(name.split(" ").length), flags[name] ?? {});
    assert.deepEqual(positional, []);
    assert.equal(options["organization"], "https://dev.azure.com/contoso/");
    switch (name) {
      case "boards query": {
        const tag = /CONTAINS '(.*?)' AND \[System\.State\] <> 'Done'/.exec(options["wiql"] ?? "")?.[1];
        const found = this.workItems.filter(({ tags, state }) => tags === tag && state !== "Done");
        return { stdout: JSON.stringify(found.map(({ id }) => ({ id }))) };
      }
      case "boards work-item create":
        this.workItems.push({
          id: this.nextId++,
          type: options["type"] ?? "",
          title: options["title"] ?? assert.fail("no title"),
          description: options["description"] ?? "",
          state: "To Do",
          tags: (options["fields"] ?? "").replace(/^System\.Tags=/, ""),
          discussion: [],
        });
        return {};
      case "boards work-item update": {
        const item = this.workItems.find(({ id }) => String(id) === options["id"]) ?? assert.fail("no item");
        item.title = options["title"] ?? item.title;
        item.description = options["description"] ?? item.description;
        item.state = options["state"] ?? item.state;
        if (options["discussion"] !== undefined) item.discussion.push(options["discussion"]);
        return {};
      }
      default:
        return this.invoke(options);
    }
  };

  private invoke(options: Readonly<Record<string, string>>): CommandAnswer {
    const { resource, "http-method": method, "in-file": file } = options;
    const route = Object.fromEntries(
      (options["route-parameters"] ?? "").split(" ").map((pair) => pair.split("=")),
    ) as Readonly<Record<string, string>>;
    assert.deepEqual(
      [options["area"], route["project"], route["repositoryId"], route["pullRequestId"]],
      ["git", "project-id", "repository-id", "7"],
    );
    const body = (): unknown => JSON.parse(readFileSync(file ?? assert.fail("no --in-file"), "utf8"));
    if (resource === "pullRequestThreads" && method === "GET") {
      return { stdout: JSON.stringify({ value: this.threads }) };
    }
    if (resource === "pullRequestThreads" && method === "POST") {
      const { comments } = body() as { readonly comments: readonly { readonly content: string }[] };
      this.threads.push({
        id: this.nextId++,
        comments: comments.map(({ content }, index) => ({ id: index + 1, content })),
      });
      return {};
    }
    assert.deepEqual([resource, method], ["pullRequestThreadComments", "PATCH"]);
    const comment = this.threads
      .find(({ id }) => String(id) === route["threadId"])
      ?.comments.find(({ id }) => String(id) === route["commentId"]);
    (comment ?? assert.fail("no such comment")).content = (body() as { content: string }).content;
    return {};
  }
}

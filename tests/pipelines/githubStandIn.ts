import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { CommandAnswer } from "./commandBridge";
import { readArguments } from "./commandArguments";

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  readonly labels: readonly string[];
  open: boolean;
  readonly comments: string[];
}

interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: string };
}

/** The options of `gh`'s commands that scripts here may use (https://cli.github.com/manual/). */
const flags: Readonly<Record<string, Readonly<Record<string, 0 | 1>>>> = {
  "issue list": { label: 1, state: 1, limit: 1, json: 1 },
  "issue create": { title: 1, label: 1, "body-file": 1 },
  "issue edit": { title: 1, "body-file": 1 },
  "issue close": { comment: 1 },
  "label create": { force: 0, description: 1 },
  api: { paginate: 0, slurp: 0, silent: 0, method: 1, field: 1 },
};

/** GitHub as the command `gh` sees it: the issues and the comments of one repository. */
export class GithubStandIn {
  readonly issues: Issue[] = [];
  readonly comments: Comment[] = [];
  private readonly labels = new Set<string>();
  private nextId = 100;

  /** Answers one call of `gh`. */
  readonly command = (argv: readonly string[]): CommandAnswer => {
    const name = argv[0] === "api" ? "api" : argv.slice(0, 2).join(" ");
    const known = flags[name];
    if (known === undefined) throw new Error(`unknown command: gh ${name}`);
    const { positional, options } = readArguments(argv.slice(name === "api" ? 1 : 2), known);
    const text = (option: string): string => options[option] ?? assert.fail(`gh ${name} needs --${option}`);
    switch (name) {
      case "issue list": {
        assert.equal(text("state"), "open");
        const found = this.issues.filter(({ open, labels }) => open && labels.includes(text("label")));
        return {
          stdout: JSON.stringify(found.slice(0, Number(text("limit"))).map(({ number }) => ({ number }))),
        };
      }
      case "label create":
        this.labels.add(positional[0] ?? assert.fail("a label needs a name"));
        return {};
      case "issue create": {
        assert.ok(this.labels.has(text("label")), "could not add label: not found");
        this.issues.push({
          number: this.nextId++,
          title: text("title"),
          body: this.body(text("body-file")),
          labels: [text("label")],
          open: true,
          comments: [],
        });
        return {};
      }
      case "issue edit":
        Object.assign(this.issue(positional), {
          title: text("title"),
          body: this.body(text("body-file")),
        });
        return {};
      case "issue close": {
        const issue = this.issue(positional);
        issue.open = false;
        issue.comments.push(text("comment"));
        return {};
      }
      default:
        return this.api(positional[0] ?? "", options);
    }
  };

  private api(path: string, { method = "GET", field }: Readonly<Record<string, string>>): CommandAnswer {
    const [, list, one] =
      /^repos\/contoso\/imaging\/issues\/(?:(7\/comments)|comments\/(\d+))$/.exec(path) ??
      assert.fail(`gh: Not Found (HTTP 404): ${path}`);
    if (method === "GET" && list !== undefined) return { stdout: JSON.stringify([this.comments]) };
    const body = this.body((/^body=@(.*)$/.exec(field ?? "") ?? [])[1] ?? assert.fail("no body"));
    if (method === "POST" && list !== undefined) {
      this.comments.push({ id: this.nextId++, body, user: { type: "Bot" } });
    } else {
      assert.equal(method, "PATCH");
      const comment = this.comments.find(({ id }) => String(id) === one);
      (comment ?? assert.fail("gh: Not Found (HTTP 404)")).body = body;
    }
    return {};
  }

  private issue([number]: readonly string[]): Issue {
    return this.issues.find((issue) => String(issue.number) === number) ?? assert.fail("no such issue");
  }

  private body(file: string): string {
    const text = readFileSync(file, "utf8");
    assert.ok(text.length <= 65_536, "body is too long (maximum is 65536 characters)");
    return text;
  }
}

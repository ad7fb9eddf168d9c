import { OperationError } from "../operationError";
import type { RunTool, ToolRun } from "./toolRun";

/** The cloud and tenant that the Azure CLI is signed in to. */
export interface AzAccount {
  readonly tenantId: string;
  /** Base address of Microsoft Graph, without a slash at the end. */
  readonly graph: string;
  /** Base address of the token endpoint. */
  readonly login: string;
}

/** How often a request is sent, at most, when the directory does not know yet what was made just before. */
const attempts = 7;

/** Says that something that was made a moment ago has not reached every server of the directory yet. */
const notThereYet =
  /Request_ResourceNotFound|does not exist or one of its queried reference-property|does not reference a valid application object|NoBackingApplicationObject/i;

/**
 * Microsoft Graph as whoever is signed in to the Azure CLI, by `az rest`. Its arguments are passed without a shell, and what is to be found
 * is looked for in its JSON, not by a query of its own: names may hold any character.
 */
export class AzGraph {
  private constructor(
    private readonly run: RunTool,
    private readonly sleep: (milliseconds: number) => Promise<void>,
    readonly account: AzAccount,
  ) {}

  /** @throws OperationError when az is not there or not signed in */
  static async open(run: RunTool, sleep: (milliseconds: number) => Promise<void>): Promise<AzGraph> {
    const { tenantId } = (await json(run, ["account", "show"])) as { readonly tenantId: string };
    const { endpoints } = (await json(run, ["cloud", "show"])) as {
      readonly endpoints: { readonly microsoftGraphResourceId: string; readonly activeDirectory: string };
    };
    return new AzGraph(run, sleep, {
      tenantId,
      graph: endpoints.microsoftGraphResourceId.replace(/\/+$/, ""),
      login: endpoints.activeDirectory,
    });
  }

  /** Everything that a listing has, over all its pages. */
  async list(
    path: string,
    version: "v1.0" | "beta" = "v1.0",
  ): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = [];
    let url: string | undefined = this.address(path, version);
    while (url !== undefined) {
      const page = (await this.send("GET", url)) as {
        readonly value: readonly Readonly<Record<string, unknown>>[];
        readonly "@odata.nextLink"?: string;
      };
      found.push(...page.value);
      url = page["@odata.nextLink"];
    }
    return found;
  }

  /** Creates something; tries again while what it refers to is not known everywhere yet. */
  post(path: string, body: unknown): Promise<unknown> {
    return this.send("POST", this.address(path), body);
  }

  /** Changes something. */
  patch(path: string, body: unknown): Promise<unknown> {
    return this.send("PATCH", this.address(path), body);
  }

  private address(path: string, version = "v1.0"): string {
    return `${this.account.graph}/${version}/${path}`;
  }

  private async send(method: "GET" | "POST" | "PATCH", url: string, body?: unknown): Promise<unknown> {
    const args = [
      "rest",
      "--method",
      method,
      "--url",
      url,
      "--resource",
      this.account.graph,
      ...(body === undefined ? [] : ["--body", JSON.stringify(body)]),
      "--output",
      "json",
    ];
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.run("az", args);
      if (answer.code === 0) return answer.stdout.trim() === "" ? undefined : JSON.parse(answer.stdout);
      if (attempt === attempts || !notThereYet.test(answer.stderr)) throw refused(args, answer);
      await this.sleep(1000 * 2 ** (attempt - 1));
    }
  }
}

/** A text in a `$filter` of OData, with what an address needs. */
export function odataText(text: string): string {
  return encodeURIComponent(`'${text.replaceAll("'", "''")}'`);
}

async function json(run: RunTool, args: readonly string[]): Promise<unknown> {
  const answer = await run("az", [...args, "--output", "json"]);
  if (answer.code !== 0) throw refused(args, answer);
  return JSON.parse(answer.stdout);
}

function refused(args: readonly string[], { code, stderr }: ToolRun): OperationError {
  return new OperationError(`az ${args.slice(0, 2).join(" ")} failed with exit code ${code}.`, {
    cause: stderr.trim(),
    cure: "Sign in with `az login` as somebody who is allowed to, and run the command again: what is already done is kept.",
  });
}

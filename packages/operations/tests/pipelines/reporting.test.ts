import assert from "node:assert/strict";
import { Console } from "../../console/console";
import { AzureReporting } from "../../pipeline/azureReporting";
import { GithubReporting } from "../../pipeline/githubReporting";
import type { Reporting } from "../../pipeline/reporting";
import { AzureDevOpsStandIn } from "./azureDevOpsStandIn";
import { GithubStandIn, githubToken } from "./githubStandIn";
import { RestServer, type RestAnswer, type RestRequest } from "./restServer";

const sink = { write: (_text: string, done: () => void): void => done() };
const quiet = new Console({
  stdout: sink,
  stderr: sink,
  env: {},
  cwd: "/",
  clock: { now: () => new Date(), sleep: () => Promise.resolve() },
});

describe("what a pipeline reports", () => {
  let server: RestServer;
  let handle: (request: RestRequest) => RestAnswer;
  before(async () => {
    server = await RestServer.start((request) => handle(request));
  });
  after(() => server.stop());

  describe("in Azure DevOps", () => {
    let standIn: AzureDevOpsStandIn;
    beforeEach(() => {
      standIn = new AzureDevOpsStandIn((authorization) => authorization === "Bearer of the job");
      ({ handle } = standIn);
    });
    const azure = (more: object = {}): NodeJS.ProcessEnv => ({
      SYSTEM_ACCESSTOKEN: "of the job",
      SYSTEM_COLLECTIONURI: `${server.url}/contoso/`,
      SYSTEM_TEAMPROJECT: AzureDevOpsStandIn.project,
      BUILD_REPOSITORY_ID: "repository-id",
      ...more,
    });
    const report = (work: (reporting: Reporting) => Promise<void>, more: object = {}): Promise<void> =>
      AzureReporting.use(azure(more), quiet, work);

    for (const verdict of ["clean", "rotation", "drift"] as const) {
      it(`is told on the first morning, when there is no work item yet: ${verdict}`, async () => {
        await report((reporting) => reporting.keepIssue("dev", verdict, "what was found"));
        assert.equal(standIn.workItems.length, verdict === "clean" ? 0 : 1);
      });
    }

    it("is one work item for a stack, and none of a stack whose name begins with the same letters", async () => {
      const keep = (stack: string, verdict: "drift" | "clean"): Promise<void> =>
        report((reporting) => reporting.keepIssue(stack, verdict, `of ${stack}`));
      await keep("dev-2", "drift");
      await keep("dev", "drift");
      await keep("dev", "drift");
      await keep("dev", "clean");
      assert.deepEqual(
        standIn.workItems.map(({ tags, state, description }) => [tags, state, description]),
        [
          ["stack:dev-2", "To Do", "<pre>of dev-2</pre>"],
          ["stack:dev", "Done", "<pre>of dev</pre>"],
        ],
      );
    });

    it("finds a work item that people have given tags of their own", async () => {
      await report((reporting) => reporting.keepIssue("dev", "drift", ""));
      const [item] = standIn.workItems;
      assert.ok(item);
      item.tags = "Imaging; Stack:dev";
      await report((reporting) => reporting.keepIssue("dev", "rotation", ""));
      assert.deepEqual(
        standIn.workItems.map(({ title }) => title),
        ["Stack dev: a rotation is due"],
      );
    });

    it("goes by the type and the state of the project's process", async () => {
      const agile = { WORK_ITEM_TYPE: "Task", WORK_ITEM_CLOSED: "Closed" };
      await report((reporting) => reporting.keepIssue("dev", "drift", ""), agile);
      await report((reporting) => reporting.keepIssue("dev", "clean", ""), agile);
      assert.deepEqual(
        standIn.workItems.map(({ type, state }) => [type, state]),
        [["Task", "Closed"]],
      );
    });

    it("lets no part of a report become markup", async () => {
      await report((reporting) => reporting.keepIssue("dev", "drift", "</pre><img src=x>\n&amp;"));
      assert.equal(
        standIn.workItems[0]?.description,
        "<pre>&#60;/pre&#62;&#60;img src=x&#62;\n&#38;amp;</pre>",
      );
    });

    it("says which right is missing", async () => {
      await assert.rejects(
        report((reporting) => reporting.keepIssue("dev", "drift", ""), { SYSTEM_ACCESSTOKEN: "another" }),
        ({ message, explanation }: Error & { explanation: { cure: string } }) => {
          assert.match(message, /refuses POST/);
          assert.match(explanation.cure, /View work items in this node/);
          return true;
        },
      );
    });

    it("says what the step has to be given", () => {
      assert.throws(
        () => void report(() => Promise.resolve(), { SYSTEM_ACCESSTOKEN: "" }),
        /SYSTEM_ACCESSTOKEN/,
      );
    });
  });

  describe("on GitHub", () => {
    let standIn: GithubStandIn;
    beforeEach(() => {
      standIn = new GithubStandIn();
      ({ handle } = standIn);
    });
    const report = (work: (reporting: Reporting) => Promise<void>): Promise<void> =>
      GithubReporting.use(
        { GITHUB_API_URL: server.url, GITHUB_REPOSITORY: "contoso/imaging", GH_TOKEN: githubToken },
        quiet,
        work,
      );

    it("needs no issue when all is clean, and opens one with a label that is there already", async () => {
      await report((reporting) => reporting.keepIssue("dev", "clean", ""));
      assert.deepEqual(standIn.issues, []);
      standIn.labels.add("stack:dev");
      await report((reporting) => reporting.keepIssue("dev", "drift", "what differs"));
      assert.deepEqual(
        standIn.issues.map(({ title, body, labels }) => [title, body, labels]),
        [["Stack dev: drift", "what differs", ["stack:dev"]]],
      );
    });

    it("takes the place of an earlier comment of a pipeline, however many others there are", async () => {
      const text = "<!-- pulumi preview of dev -->\n\nnew";
      const older = { user: { type: "Bot" }, body: "<!-- pulumi preview of dev -->\n\nold" };
      const ofSomebody = { user: { type: "User" }, body: older.body };
      for (let id = 1; id <= 230; id += 1) standIn.comments.push({ ...ofSomebody, id });
      standIn.comments.push({ ...older, id: 231 });
      await report((reporting) => reporting.comment("7", text));
      assert.equal(standIn.comments.length, 231);
      assert.equal(standIn.comments.at(-1)?.body, text);
    });

    it("creates nothing twice when an answer is lost", async () => {
      let lost = 0;
      handle = (request) => {
        const answer = standIn.handle(request);
        if (request.method !== "POST" || !request.path.endsWith("/issues")) return answer;
        lost += 1;
        return { status: 502, json: { message: "lost" } };
      };
      await assert.rejects(report((reporting) => reporting.keepIssue("dev", "drift", "")));
      assert.deepEqual([lost, standIn.issues.length], [1, 1]);
      ({ handle } = standIn);
      await report((reporting) => reporting.keepIssue("dev", "drift", ""));
      assert.equal(standIn.issues.length, 1);
    });
  });
});

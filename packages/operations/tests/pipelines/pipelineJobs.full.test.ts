import assert from "node:assert/strict";
import { startOnAzure, connectionSubject } from "./azureScenario";
import { seedResourceIds } from "entra-sandbox";
import { startOnGithub } from "./githubScenario";
import { githubToken } from "./githubStandIn";
import { PipelineSandbox, repository, type PipelineIdentity } from "./pipelineSandbox";
import type { TokenSubject } from "./tokenIssuer";

/** A text that looks like a client secret. */
const secretValue = /[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}/;

/** The scripts that a look for drift consists of, on either system. */
const stepsOfWatch = ["Look for drift", "Report", "Warn of credentials that end soon"];

/**
 * The pipelines' own files, job by job and step by step, on the sandbox: one stack from its first deployment through a rotation
 * and drift, on GitHub and in Azure Pipelines by turns. Each test goes on from where the one before has left the stack.
 */
describe("the jobs of the pipelines", function () {
  this.timeout(300_000);
  let sandbox: PipelineSandbox;
  let deployer: PipelineIdentity;
  let watcher: PipelineIdentity;
  const logs: string[] = [];

  before(async () => {
    sandbox = await PipelineSandbox.start();
    await sandbox.travel("dev", "2026-11-24");
    await sandbox.configure("dev", {
      "clients.imaging-gateway.vault": { id: seedResourceIds.keyVault, secretName: "imaging-gateway" },
    });
  });
  after(() => sandbox?.stop());

  const operate = async (script: string): Promise<string> => {
    const { code, output } = await sandbox.operate(script);
    assert.equal(code, 0, output);
    return output;
  };
  const makeIdentity = async (
    name: string,
    purpose: string,
    place: TokenSubject | { readonly environment: string },
  ): Promise<PipelineIdentity> => {
    const trusted =
      "environment" in place
        ? `--github ${repository} --environment ${place.environment}`
        : `--issuer ${place.issuer} --subject ${place.subject}`;
    const output = await operate(
      `npx --no dicom-ops pipelines identity --name "${name}" --for ${purpose} --stacks dev ${trusted}`,
    );
    const clientId = /^AZURE_CLIENT_ID=(.*)$/m.exec(output)?.[1] ?? assert.fail(output);
    return { clientId, principalId: await sandbox.services.administrator.servicePrincipalOf(clientId) };
  };
  const report = (verdict: string): Promise<string> =>
    operate(
      `echo "Renamed by hand" > report.md
      export GITHUB_ACTIONS=true GITHUB_API_URL=${sandbox.githubApi} GITHUB_REPOSITORY=${repository} GH_TOKEN=${githubToken}
      npx --no dicom-ops pipeline report --stack dev --verdict ${verdict} --file report.md`,
    );
  const succeeds = async <Run extends { readonly succeeded: boolean; readonly log: string }>(
    running: Promise<Run>,
  ): Promise<Run> => {
    const run = await running;
    logs.push(run.log);
    assert.ok(run.succeeded, run.log);
    return run;
  };
  const rename = async (from: string, to: string): Promise<void> => {
    const { administrator } = sandbox.services;
    const { value } = (await administrator.graph("GET", `applications?$filter=displayName eq '${from}'`)) as {
      readonly value: readonly { readonly id: string }[];
    };
    await administrator.graph("PATCH", `applications/${value[0]?.id ?? assert.fail(from)}`, {
      displayName: to,
    });
  };
  const credentialsOf = async (name: string): Promise<number> => {
    const { value } = (await sandbox.services.administrator.graph(
      "GET",
      `applications?$filter=displayName eq '${name}'`,
    )) as { readonly value: readonly { readonly passwordCredentials: readonly unknown[] }[] };
    return value[0]?.passwordCredentials.length ?? 0;
  };

  it("get identities without secrets, and the same ones when they are made again for another place", async () => {
    await operate("pulumi stack init dev --non-interactive");
    const { changes } = sandbox.services.azureCli;
    deployer = await makeIdentity("Deploy 'dev'", "deploy", { environment: "dev" });
    watcher = await makeIdentity("Watch", "drift", { environment: "watch" });
    assert.ok(changes.includes("role assignment create"));
    changes.length = 0;
    assert.deepEqual(
      await makeIdentity("Deploy 'dev'", "deploy", connectionSubject("dicom-service-client-dev")),
      deployer,
    );
    assert.deepEqual(changes, ["rest POST"]);
    changes.length = 0;
    await makeIdentity("Deploy 'dev'", "deploy", { environment: "dev" });
    assert.deepEqual(changes, []);
    await makeIdentity("Watch", "drift", connectionSubject("dicom-service-client-watch"));
    await sandbox.configure("dev", { deployingIdentity: deployer.principalId });
  });

  it("deploy, and prove that the client works", async () => {
    const { ran, log } = await succeeds(
      startOnGithub(sandbox, {
        workflow: "deploy-stack.yml",
        job: "deploy",
        inputs: { stack: "dev", "rotation-only": false },
        identity: deployer,
      }),
    );
    assert.deepEqual(ran, ["Deploy and verify"]);
    assert.match(log, /8 created/);
    assert.match(log, /Every client works\.\n$/);
  });

  it("preview a pull request as an identity that may only read, and see no change of its own making", async () => {
    const { comments } = sandbox.services.github;
    const preview = {
      workflow: "pull-request.yml",
      job: "preview",
      matrix: { stack: "dev" },
      identity: watcher,
    };
    const { ran } = await succeeds(startOnGithub(sandbox, preview));
    assert.deepEqual(ran, ["Preview", "Comment"]);
    assert.equal(comments.length, 1);
    assert.match(
      comments[0]?.body ?? "",
      /^<!-- pulumi preview of dev -->\n\n### Preview of dev\n[^]*8 unchanged/,
    );
  });

  it("tell a rotation that is due from drift, and report it", async () => {
    await sandbox.travel("dev", "2027-04-23");
    const { outputs, ran, summary } = await succeeds(
      startOnGithub(sandbox, {
        workflow: "watch-stack.yml",
        job: "watch",
        inputs: { stack: "dev", "apply-rotations": false },
        identity: watcher,
      }),
    );
    assert.deepEqual(ran, stepsOfWatch);
    assert.deepEqual(outputs, { rotation: "true" });
    const { issues } = sandbox.services.github;
    assert.deepEqual(
      issues.map(({ title, labels, open }) => [title, labels, open]),
      [["Stack dev: a rotation is due", ["stack:dev"], true]],
    );
    assert.equal(issues[0]?.body, summary);
  });

  it("name drift as drift, also beside a rotation, with what differs", async () => {
    await rename("Imaging gateway (dev)", "Renamed by hand");
    const { outputs, ran, summary } = await succeeds(
      startOnAzure(sandbox, {
        pipeline: "watch.yml",
        stage: "watch_dev",
        job: "watch",
        identity: watcher,
      }),
    );
    assert.deepEqual(ran, stepsOfWatch);
    assert.deepEqual(outputs, { "look.verdict": "drift", "look.rotation": "true" });
    const [item, ...others] = sandbox.services.azureDevOps.workItems;
    assert.deepEqual(others, []);
    assert.deepEqual(
      [item?.title, item?.type, item?.tags, item?.state],
      ["Stack dev: drift", "Issue", "stack:dev", "To Do"],
    );
    assert.match(
      summary,
      /~ displayName: &#34;Imaging gateway \(dev\)&#34; =&#62; &#34;Renamed by hand&#34;/,
    );
    assert.match(item?.description ?? "", /=&#38;#62; &#38;#34;Renamed by hand/);
  });

  it("apply the rotation alone, and leave the drift for somebody to look at", async () => {
    const { log } = await succeeds(
      startOnAzure(sandbox, {
        pipeline: "watch.yml",
        parameters: { applyRotations: true },
        stage: "rotate_dev",
        job: "rotate",
        identity: deployer,
      }),
    );
    // The new secret, and the copy of it in the key vault.
    assert.match(log, /\+ 1 created\n +~ 1 updated/);
    assert.match(log, /secret previous[^]*Every client works\.\n$/);
    assert.equal(await credentialsOf("Renamed by hand"), 2);
  });

  it("update the issue that is there, open no other, and close it when the stack is clean", async () => {
    const { issues } = sandbox.services.github;
    const [first] = issues;
    assert.ok(first);
    issues.unshift({ ...first, number: 1, pull_request: {} });
    await report("drift");
    issues.shift();
    assert.deepEqual(
      issues.map(({ title, body, open }) => [title, body, open]),
      [["Stack dev: drift", "Renamed by hand\n", true]],
    );
    await report("clean");
    assert.deepEqual(
      issues.map(({ open, comments }) => [open, comments]),
      [[false, ["Checked again: nothing differs any more."]]],
    );
    await report("clean");
    assert.equal(issues.length, 1);
  });

  it("put back what is declared, and close the work item", async () => {
    await succeeds(
      startOnAzure(sandbox, {
        pipeline: "deploy.yml",
        stage: "deploy_dev",
        job: "deploy",
        identity: deployer,
      }),
    );
    assert.equal(await credentialsOf("Imaging gateway (dev)"), 2);
    await succeeds(
      startOnAzure(sandbox, { pipeline: "watch.yml", stage: "watch_dev", job: "watch", identity: watcher }),
    );
    const [item] = sandbox.services.azureDevOps.workItems;
    assert.deepEqual([item?.state, item?.discussion.length], ["Done", 1]);
  });

  it("comment on a pull request of Azure Repos, in the place of an earlier comment", async () => {
    const { threads } = sandbox.services.azureDevOps;
    threads.push({ id: 1, comments: [{ id: 1, content: "<!-- pulumi preview of dev -->\n\nold" }] });
    const { ran } = await succeeds(
      startOnAzure(sandbox, {
        pipeline: "pull-request.yml",
        stage: "Preview",
        job: "preview_dev",
        identity: watcher,
      }),
    );
    assert.deepEqual(ran, ["Preview", "Comment"]);
    assert.equal(threads.length, 1);
    assert.match(threads[0]?.comments[0]?.content ?? "", /9 unchanged/);
  });

  it("fail when they cannot look, without a word about drift, and say why in the comment of a preview", async () => {
    const before = structuredClone(sandbox.services.github.issues);
    const variables = { PULUMI_BACKEND_URL: `${sandbox.backend}-that-is-not-there` };
    const watch = await startOnGithub(sandbox, {
      workflow: "watch-stack.yml",
      job: "watch",
      inputs: { stack: "dev", "apply-rotations": false },
      identity: watcher,
      variables,
    });
    assert.equal(watch.succeeded, false);
    assert.ok(!watch.ran.includes("Report"));
    assert.match(watch.log, /pulumi refresh --preview-only failed with exit code/);
    assert.deepEqual(sandbox.services.github.issues, before);

    const preview = await startOnGithub(sandbox, {
      workflow: "pull-request.yml",
      job: "preview",
      matrix: { stack: "dev" },
      identity: watcher,
      variables,
    });
    assert.equal(preview.succeeded, false);
    const { comments } = sandbox.services.github;
    assert.equal(comments.length, 1);
    assert.match(comments[0]?.body ?? "", /### Preview of dev: failed with exit code \d+/);
  });

  it("show no secret anywhere", () => {
    assert.ok(logs.length > 5);
    for (const log of logs) assert.doesNotMatch(log, secretValue);
    const { github, azureDevOps } = sandbox.services;
    assert.doesNotMatch(
      JSON.stringify([github.issues, github.comments, azureDevOps.workItems, azureDevOps.threads]),
      secretValue,
    );
  });
});

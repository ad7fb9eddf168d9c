import assert from "node:assert/strict";
import type { FaultEffect } from "entra-sandbox";
import { finishAfter, runUndisturbed, type Undisturbed } from "./afterDisturbance";
import { CommandProcess, killEngine, servedTenant, until } from "./commandProcess";
import type { DisturbedSandbox } from "./disturbedSandbox";
import { additions, readInventory } from "./inventory";
import { SandboxCopies, tenantFile } from "./sandboxCopies";
import { type Scenario, type ScenarioName, scenarios } from "./scenarios";

const lag: FaultEffect = { kind: "refuse", status: 404 };
const cutBefore: FaultEffect = { kind: "cut", when: "before" };
const cutAfter: FaultEffect = { kind: "cut", when: "after" };
const failedAfter: FaultEffect = { kind: "refuse", status: 503, when: "after" };
const failedBefore: FaultEffect = { kind: "refuse", status: 503, when: "before" };

/** A request that goes wrong, and what that leads to. */
interface FaultCase {
  readonly what: string;
  readonly scenario: ScenarioName;
  readonly operation: string;
  readonly effect: FaultEffect;
  /** How many requests it hits. Default 1. */
  readonly times?: number;
  /** How many of these requests are let through first. Default 0. */
  readonly skip?: number;
  /** What the command says when it fails; none where it finishes all the same. */
  readonly says?: RegExp;
  readonly steps?: RegExp;
  readonly leftBehind?: RegExp;
}

// One for each promise, and for each row of what may be left behind, in docs/reference/reliability.md.
const faultCases: readonly FaultCase[] = [
  {
    what: "waits out throttling",
    scenario: "a first deployment",
    operation: "graph.applications.create",
    effect: { kind: "refuse", status: 429, retryAfter: 1 },
  },
  {
    what: "finishes after an outage",
    scenario: "a first deployment",
    operation: "graph.servicePrincipals.create",
    effect: failedBefore,
    times: 1_000_000,
    says: /503 Service Unavailable/,
  },
  {
    what: "explains a look-up that fails",
    scenario: "a first deployment",
    operation: "metadata.endpoints",
    effect: cutBefore,
    says: /could not be read/,
  },
  {
    what: "leads out of a service principal whose creation was not answered",
    scenario: "a first deployment",
    operation: "graph.servicePrincipals.create",
    effect: cutAfter,
    says: /Could not create service principal: socket hang up/,
    steps: /^pulumi import/,
  },
  {
    what: "leads out of a consent that was not shown when it was read back",
    scenario: "a first deployment",
    operation: "graph.oauth2PermissionGrants.get",
    effect: lag,
    says: /was created, but Entra did not show it yet/,
    steps: /^pulumi import/,
  },
  {
    what: "reports a second application that a repeated creation has made",
    scenario: "a first deployment",
    operation: "graph.applications.create",
    effect: failedAfter,
    leftBehind: /^application "Imaging gateway"$/,
  },
  {
    what: "reports a certificate that was added twice",
    scenario: "a first deployment",
    operation: "graph.applications.update",
    // The first one sets what a new application is given afterwards.
    // The third one adds the certificate.
    skip: 2,
    effect: cutAfter,
    says: /socket hang up/,
    leftBehind: /^certificate "CN=gateway"$/,
  },
  {
    what: "reports a secret whose value nobody knows",
    scenario: "a rotation",
    operation: "graph.applications.addPassword",
    effect: cutAfter,
    says: /socket hang up/,
    leftBehind: /^secret "Managed by Pulumi, slot b"$/,
  },
  {
    what: "reports a consent that was to be removed and seemed to be gone",
    scenario: "a withdrawn consent",
    operation: "graph.oauth2PermissionGrants.get",
    effect: lag,
    leftBehind: /^consent to (user_impersonation|Dicom\.ReadWrite)$/,
  },
  {
    what: "brings back what a refresh has forgotten",
    scenario: "a refresh",
    operation: "arm.vaultSecrets.get",
    effect: lag,
    steps: /^pulumi import/,
  },
  {
    what: "reports the role of a principal that is gone",
    scenario: "a removal",
    operation: "arm.roleAssignments.delete",
    effect: lag,
    leftBehind: /^Azure role assignment /,
  },
];

describe("reliability", function () {
  this.timeout(180_000);
  let copies: SandboxCopies;
  const known = new Map<Scenario, Promise<Undisturbed>>();

  before(async () => {
    copies = await SandboxCopies.make();
  });
  after(() => copies.remove());

  const undisturbed = (scenario: Scenario): Promise<Undisturbed> => {
    const run = known.get(scenario) ?? runUndisturbed(copies, scenario);
    known.set(scenario, run);
    return run;
  };

  it("is tried on a client that has one of everything", async () => {
    const { end } = await undisturbed(scenarios["a first deployment"]);
    assert.deepEqual(
      new Set(end.state.resources.map(({ what }) => what.split(" ")[0])),
      new Set([
        "Application",
        "ServicePrincipal",
        "ApplicationPassword",
        "ApplicationCertificate",
        "ApplicationFederatedIdentityCredential",
        "ServicePrincipalDelegatedPermissionGrant",
        "AppRoleAssignment",
        "RoleAssignment",
        "Secret",
      ]),
    );
  });

  for (const {
    what,
    scenario: name,
    operation,
    effect,
    times = 1,
    skip = 0,
    says,
    steps,
    leftBehind,
  } of faultCases) {
    it(`${what}: ${name}`, async () => {
      const scenario: Scenario = scenarios[name];
      const expected = await undisturbed(scenario);
      await copies.run(scenario, async (sandbox) => {
        await sandbox.tenant.control("POST", "faults", { operation, skip, times, effect });
        const first = await scenario.run(sandbox);
        assert.ok(await isFaultMet(sandbox), "the request was not made");
        await sandbox.tenant.control("DELETE", "faults");
        assert.equal(first.succeeded, says === undefined, first.output);
        assert.match(first.output, says ?? /^/);
        assert.doesNotMatch(first.output, /^\s+at .+:\d+:\d+\)?$|panic:|goroutine \d+/m);
        const aftermath = await finishAfter(copies, scenario, expected, sandbox, first);
        assert.match(aftermath.steps, steps ?? /^$/);
        assert.match(aftermath.leftBehind, leftBehind ?? /^$/);
      });
    });
  }

  describe("after a kill in the middle of a first deployment", () => {
    const scenario = scenarios["a first deployment"];
    before(() => undisturbed(scenario));
    beforeEach(() => copies.reset(scenario.start));

    /** Waits for the first object of the stack: by then most others are still to come. */
    const untilUnderWay = (): Promise<void> =>
      until(async () => additions(await readInventory(tenantFile(copies.folder)), copies.seeded).size > 0);

    const finish = async (sandbox: DisturbedSandbox): Promise<void> => {
      try {
        await finishAfter(copies, scenario, await undisturbed(scenario), sandbox);
      } finally {
        await sandbox.close();
      }
    };

    it("of the engine alone", async () => {
      const sandbox = await copies.open(scenario);
      const running = scenario.run(sandbox);
      await untilUnderWay();
      killEngine();
      assert.ok(!(await running).succeeded);
      await finish(sandbox);
    });

    for (const [what, kill] of [
      ["of program, providers and tenant", (command: CommandProcess) => command.kill()],
      ["of everything at the same moment", (command: CommandProcess) => command.killAll()],
    ] as const) {
      it(what, async () => {
        const config = await copies.stackFile(scenario);
        const command = CommandProcess.start(copies.folder, "--config", config, "up");
        await untilUnderWay();
        kill(command);
        await command.exited();
        await finish(await copies.open(scenario));
      });
    }

    it("of the tenant alone", async () => {
      const first = CommandProcess.start(copies.folder, "serve");
      const disturbed = await copies.open(scenario, await servedTenant(copies.folder));
      const running = scenario.run(disturbed);
      await untilUnderWay();
      first.killAll();
      assert.ok(!(await running).succeeded);
      await disturbed.close();
      await first.exited();
      const second = CommandProcess.start(copies.folder, "serve");
      try {
        await finish(await copies.open(scenario, await servedTenant(copies.folder)));
      } finally {
        second.killAll();
        await second.exited();
      }
    });
  });
});

async function isFaultMet({ tenant }: DisturbedSandbox): Promise<boolean> {
  const { json } = await tenant.control("GET", "faults");
  const { value } = json as { readonly value: readonly { readonly hits: number }[] };
  return value.some(({ hits }) => hits > 0);
}

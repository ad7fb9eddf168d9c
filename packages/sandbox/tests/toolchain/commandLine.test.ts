import assert from "node:assert/strict";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import { ToolchainFixture } from "./toolchainFixture";

describe("toolchain: the command line", function () {
  this.timeout(60_000);
  let fixture: ToolchainFixture;
  beforeEach(() => (fixture = new ToolchainFixture()));
  afterEach(() => fixture.remove());

  it("prints the path on standard output and where it came from on standard error", async () => {
    fixture.install(fixture.cli(`v${pinnedVersion.version}`));
    const end = await fixture.startCommandLine().ended();
    assert.deepEqual(end, {
      code: 0,
      signal: null,
      stdout: `${fixture.executable}\n`,
      stderr: `Pulumi CLI v${pinnedVersion.version} from ${fixture.root}\n`,
    });
  });

  it("ends with exit code 1 and the message alone when there is no CLI", async () => {
    const end = await fixture.startCommandLine().ended();
    assert.equal(end.code, 1);
    assert.equal(end.stdout, "");
    assert.match(end.stderr, /^There is no Pulumi CLI to work with/);
    assert.doesNotMatch(end.stderr, /\n\s+at /);
    assert.doesNotMatch(end.stderr, /official download/);
  });
});

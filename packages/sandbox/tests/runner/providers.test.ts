import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseProviders, type ChosenProvider, type ProviderChoice } from "../../runner/providers";
import { SandboxError } from "../../runner/sandboxError";

/** A port that nobody listens on: every connection is refused at once. */
const nowhere = "http://127.0.0.1:9";

describe("the choice between real plugins and stand-ins", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const choose = (choice: ProviderChoice): Promise<ChosenProvider[]> =>
    chooseProviders({
      choice,
      cli: { path: "/nonexistent/pulumi" },
      home,
      progress: () => undefined,
      downloadSite: nowhere,
    });

  const cache = (name: string, version: string): string => {
    const folder = join(home, "plugins", `resource-${name}-v${version}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `pulumi-resource-${name}`), "");
    return folder;
  };

  it("takes stand-ins where a plugin is neither cached nor to be downloaded, and says why", async () => {
    const chosen = await choose("auto");
    assert.deepEqual(
      chosen.map(({ name, kind }) => [name, kind]),
      [
        ["azuread", "stand-in"],
        ["azure-native", "stand-in"],
      ],
    );
    if (process.platform === "linux") {
      assert.match(
        chosen[0]?.reason ?? "",
        /not in the plugin cache, and http:\/\/127\.0\.0\.1:9 cannot be reached/,
      );
    }
  });

  it("decides for each provider by itself", async () => {
    const [version] = (await choose("auto")).map((provider) => provider.version);
    cache("azuread", version ?? assert.fail());
    const kinds = (await choose("real").catch((error: unknown) => error)) as Error;
    assert.ok(kinds instanceof SandboxError);
    assert.match(
      kinds.message,
      /^The real azure-native plugin v[\d.]+ is not available: .+\nInstall it with `pulumi plugin install resource azure-native/,
    );
    if (process.platform === "linux") {
      assert.deepEqual(
        (await choose("auto")).map(({ kind }) => kind),
        ["real", "stand-in"],
      );
    }
  });

  it("passes over a plugin whose installation was interrupted", async () => {
    const [version] = (await choose("auto")).map((provider) => provider.version);
    writeFileSync(`${cache("azuread", version ?? assert.fail())}.partial`, "");
    assert.equal((await choose("auto"))[0]?.kind, "stand-in");
  });

  it("takes stand-ins on request, whatever is cached", async () => {
    for (const { name, version } of await choose("stand-in")) {
      cache(name, version);
    }
    assert.deepEqual(
      (await choose("stand-in")).map(({ kind, reason }) => [kind, reason]),
      [
        ["stand-in", "asked for"],
        ["stand-in", "asked for"],
      ],
    );
  });
});

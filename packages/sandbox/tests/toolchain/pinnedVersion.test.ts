import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gt } from "semver";
import {
  cliPackage,
  minimumVersion,
  pinnedVersion,
  requiredGo,
  requiredGoName,
} from "../../toolchain/pinnedVersion";

const folder = join(__dirname, "..", "..", "toolchain");
const goMod = readFileSync(join(folder, "go.mod"), "utf8");
const goSum = readFileSync(join(folder, "go.sum"), "utf8");

/** Module path and version of every require line. */
const required = [...goMod.matchAll(/^\s+(\S+) (v\S+)(?: \/\/ indirect)?$/gm)].map(
  ([, path = "", version = ""]) => ({ path, version }),
);

describe("toolchain: the pinned version", () => {
  it("is at least the oldest version that is used when found on PATH", () => {
    assert.ok(gt(pinnedVersion, minimumVersion));
  });

  it("is what go.mod requires of Pulumi's two modules, in a plain version", () => {
    assert.deepEqual(pinnedVersion.prerelease, []);
    const versionOf = (path: string): string | undefined =>
      required.find((module) => module.path === path)?.version;
    assert.equal(versionOf("github.com/pulumi/pulumi/pkg/v3"), `v${pinnedVersion.version}`);
    assert.equal(versionOf("github.com/pulumi/pulumi/sdk/v3"), `v${pinnedVersion.version}`);
  });

  it("is built from the package that go.mod names as its tool", () => {
    assert.deepEqual(
      [...goMod.matchAll(/^tool (\S+)$/gm)].map(([, tool]) => tool),
      [cliPackage],
    );
  });

  it("has a checksum in go.sum for every module that go.mod requires, and for its go.mod", () => {
    const sums = new Map(
      goSum
        .trimEnd()
        .split("\n")
        .map((line): [string, string] => {
          const [path = "", version = "", sum = ""] = line.split(" ");
          return [`${path} ${version}`, sum];
        }),
    );
    assert.ok(required.length > 200, `only ${required.length} modules were read from go.mod`);
    for (const { path, version } of required) {
      assert.match(sums.get(`${path} ${version}`) ?? "", /^h1:[\w+/]{43}=$/, `${path} ${version}`);
      assert.match(
        sums.get(`${path} ${version}/go.mod`) ?? "",
        /^h1:[\w+/]{43}=$/,
        `${path} ${version}/go.mod`,
      );
    }
  });

  it("needs no module from anywhere but where it was published", () => {
    assert.doesNotMatch(goMod, /^\s*(replace|exclude|retract)\b/m);
    assert.doesNotMatch(goMod, /=>/);
  });

  it("asks for a Go release without naming one patch of it or a toolchain to fetch", () => {
    assert.equal(`go ${requiredGoName}`, /^go .*$/m.exec(goMod)?.[0]);
    assert.equal(requiredGo.patch, 0);
    assert.doesNotMatch(goMod, /^toolchain\b/m);
  });
});

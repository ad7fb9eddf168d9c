import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pinnedVersion } from "../../toolchain/pinnedVersion";
import type { FindOptions } from "../../toolchain/pulumiCli";
import { ToolchainError } from "../../toolchain/toolchainError";
import { ToolchainFixture, until } from "./toolchainFixture";

const pinned = `v${pinnedVersion.version}`;

describe("toolchain: how the CLI is got", function () {
  this.timeout(60_000);
  let fixture: ToolchainFixture;
  beforeEach(() => (fixture = new ToolchainFixture()));
  afterEach(() => fixture.remove());

  describe("build from Go modules", () => {
    it("puts the pinned version into the versions folder, and nothing else", async () => {
      fixture.writeGo();
      const { command, ...cli } = await fixture.ensure();
      assert.equal(command.command, fixture.executable);
      assert.deepEqual(cli, {
        path: fixture.executable,
        version: pinnedVersion.version,
        origin: `Pulumi CLI ${pinned} just built from its Go modules, in ${fixture.root}`,
      });
      assert.deepEqual(fixture.installed, [pinnedVersion.version]);
      assert.equal(fixture.buildCount, 1);

      assert.equal((await fixture.ensure()).path, fixture.executable);
      assert.equal(fixture.buildCount, 1);
    });

    it("says first what is going to happen and how long it takes", async () => {
      fixture.writeGo();
      await fixture.ensure();
      const [first = ""] = fixture.lines;
      const announcement = `no Pulumi CLI found; building ${pinned} from its Go modules with go1.26.8, `;
      assert.equal(first.slice(0, announcement.length), announcement);
      assert.match(first, /about 3 minutes on two cores/);
      assert.equal(fixture.lines.at(-1), `Pulumi CLI ready: ${fixture.executable}`);
    });

    it("runs go with exactly the committed modules and the documented flags", async () => {
      fixture.writeGo();
      Object.assign(fixture.env, { GOFLAGS: "-mod=mod", GOTOOLCHAIN: "auto", GOOS: "plan9", GOWORK: "auto" });
      await fixture.ensure();
      const [folder, ...args] = fixture.buildArguments;
      assert.equal(folder, join(__dirname, "..", "..", "toolchain"));
      const output = args.indexOf("-o");
      assert.match(args[output + 1] ?? "", /\/\.[\d.]+\.partial-[^/]+\/root\/bin\/pulumi$/);
      assert.deepEqual(args.toSpliced(output, 2), [
        "build",
        "-v",
        "-trimpath",
        "-tags",
        "osusergo,grpcnotrace",
        "-ldflags",
        `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pinned}`,
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ]);
      // what go writes by the way lies where a later run cleans up
      const scratch = (args[output + 1] ?? "").replace(/root\/bin\/pulumi$/, "scratch");
      assert.deepEqual(fixture.buildEnvironment, [
        "CGO_ENABLED=0",
        "GOFLAGS=-mod=readonly",
        "GOTOOLCHAIN=local",
        "GOWORK=off",
        "GO111MODULE=on",
        "GOOS=linux",
        "GOARCH=amd64",
        `GOTMPDIR=${scratch}`,
      ]);
    });

    it("tells what go is doing while it builds", async () => {
      fixture.writeGo({
        before: `
step() { while [ ! -e '${fixture.folder}/'$1 ]; do /bin/sleep 0.05; done; }
echo 'go: downloading example.com/a v1.0.0' >&2
echo 'go: downloading example.com/b v1.0.0' >&2
step compile
echo 'internal/abi' >&2
echo 'github.com/some-one/x.y/v2' >&2
echo 'google.golang.org/grpc' >&2
step link
echo 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi' >&2
step finish`,
      });
      const run = fixture.ensure({ settings: { heartbeat: 20 } });
      const told = (what: RegExp): Promise<void> =>
        until(() => fixture.lines.some((line) => what.test(line)));
      await told(/^building the Pulumi CLI v[\d.]+: \d+ s, downloading modules \(2 so far\)$/);
      writeFileSync(join(fixture.folder, "compile"), "");
      await told(/\d+ s, compiling \(3 packages so far\)$/);
      writeFileSync(join(fixture.folder, "link"), "");
      await told(/\d+ s, linking$/);
      writeFileSync(join(fixture.folder, "finish"), "");
      await run;
    });

    it("accepts a Go that is newer, or in development", async () => {
      for (const version of [
        "go1.26",
        "go1.27.3",
        "go2.0",
        "devel go1.28-abcdef0123 Mon Jan 2 15:04:05 2026",
      ]) {
        const other = new ToolchainFixture();
        try {
          other.writeGo({ version });
          assert.equal((await other.ensure()).version, pinnedVersion.version);
        } finally {
          await other.remove();
        }
      }
    });
  });

  describe("official download", () => {
    /** An installer that does what the official one does, without the network. */
    const installer = (body: string): readonly string[] => [
      fixture.writeProgram("installer", `root=$1 version=$2 origin=$3\n${body}`),
    ];
    const unpack = `
/bin/mkdir -p "$root/bin"
printf '%s\\n' '#!/bin/sh' "echo v$version" > "$root/bin/pulumi"
/bin/chmod 755 "$root/bin/pulumi"
echo host > "$root/bin/pulumi-language-nodejs"`;

    it("comes before the build, and is moved into place with all it brings", async () => {
      fixture.writeGo();
      const cli = await fixture.ensure({
        download: true,
        settings: {
          installer: installer(`echo reachable${unpack}`),
          downloadOrigin: "https://releases.example",
        },
      });
      assert.equal(cli.path, fixture.executable);
      assert.equal(cli.origin, `Pulumi CLI ${pinned} just downloaded, in ${fixture.root}`);
      assert.equal(fixture.buildCount, 0);
      assert.equal(readFileSync(join(fixture.root, "bin", "pulumi-language-nodejs"), "utf8"), "host\n");
      assert.deepEqual(fixture.installed, [pinnedVersion.version]);
      assert.equal(
        fixture.lines[0],
        `no Pulumi CLI found; downloading ${pinned} from https://releases.example`,
      );
    });

    it("gives way to the build when the site cannot be reached", async () => {
      fixture.writeGo();
      await fixture.ensure({ download: true });
      assert.equal(fixture.buildCount, 1);
    });

    it("does not wait for an installer whose name look-up hangs", async () => {
      fixture.writeGo();
      await fixture.ensure({
        download: true,
        settings: { installer: installer("echo 'unreachable: EAI_AGAIN'; exec /bin/sleep 1000") },
      });
      assert.equal(fixture.buildCount, 1);
    });

    it("gives way to the build when it fails half way, and leaves nothing of it", async () => {
      fixture.writeGo();
      await fixture.ensure({
        download: true,
        settings: { installer: installer(`echo reachable${unpack}\necho 'curl: (56) reset' >&2\nexit 56`) },
      });
      assert.equal(fixture.buildCount, 1);
      assert.equal(existsSync(join(fixture.root, "bin", "pulumi-language-nodejs")), false);
      assert.deepEqual(fixture.installed, [pinnedVersion.version]);
    });

    it("gives way to the build when it brings another version", async () => {
      fixture.writeGo();
      await fixture.ensure({
        download: true,
        settings: { installer: installer(`echo reachable\nversion=3.1.0${unpack}`) },
      });
      assert.equal(fixture.buildCount, 1);
    });

    it("is left out on request", async () => {
      fixture.writeGo();
      const installed = join(fixture.folder, "asked");
      await fixture.ensure({ download: false, settings: { installer: installer(`: > '${installed}'`) } });
      assert.equal(existsSync(installed), false);
      assert.equal(fixture.buildCount, 1);
    });

    it("is not attempted when the site answers with an error, or not at all", async () => {
      const refusing = createServer((_request, response) => response.writeHead(403).end());
      const silent = createTcpServer();
      try {
        for (const [server, reason] of [
          [refusing, "it answers with status 403"],
          [silent, "no answer within 3 s"],
        ] as const) {
          const downloadOrigin = await listen(server);
          await assert.rejects(
            fixture.ensure({ download: true, settings: { downloadOrigin } }),
            (error: Error) => {
              assert.ok(
                error.message.includes(`official download: ${downloadOrigin} cannot be reached (${reason})`),
              );
              return true;
            },
          );
        }
      } finally {
        refusing.closeAllConnections();
        refusing.close();
        silent.close();
      }
    });

    it("asks through the proxy that the environment names", async () => {
      const asked: (string | undefined)[] = [];
      const proxy = createServer((request, response) => {
        asked.push(request.url);
        response.writeHead(502).end();
      });
      // fetch opens a tunnel through the proxy for either scheme
      proxy.on("connect", (request, socket) => {
        asked.push(request.url);
        socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      });
      try {
        fixture.env["HTTPS_PROXY"] = await listen(proxy);
        await assert.rejects(
          fixture.ensure({ download: true, settings: { downloadOrigin: "https://releases.example" } }),
          /https:\/\/releases\.example cannot be reached/,
        );
        assert.deepEqual(asked, ["releases.example:443"]);
      } finally {
        proxy.closeAllConnections();
        proxy.close();
      }
    });
  });

  describe("when there is no way", () => {
    async function failure(options: FindOptions = {}): Promise<string> {
      try {
        await fixture.ensure(options);
      } catch (error) {
        assert.ok(error instanceof ToolchainError);
        return error.message;
      }
      throw new Error("a CLI was found");
    }

    it("names what was tried, why each failed, and both ways out", async () => {
      const message = await failure({ download: true });
      const lines = message.split("\n");
      assert.equal(lines[1], "  - pulumi on PATH: nothing there");
      assert.equal(lines[2], `  - ${fixture.executable}: nothing there`);
      assert.match(
        lines[3] ?? "",
        /^ {2}- official download: http:\/\/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)$/,
      );
      assert.equal(lines[4], "  - build from Go modules: no `go` on PATH");
      assert.match(
        message,
        /^ {2}1\. Install the Pulumi CLI as https:\/\/www\.pulumi\.com\/docs\/install\/ says/m,
      );
      assert.match(message, /^ {2}2\. Install Go 1\.26 or newer from https:\/\/go\.dev\/dl\//m);
      assert.deepEqual(fixture.installed, []);
    });

    it("says so when Go is too old", async () => {
      const go = fixture.writeGo({ version: "go1.25.9" });
      assert.ok(
        (await failure()).includes(
          `build from Go modules: ${go} is go1.25.9, which is too old: Go 1.26 or newer is needed`,
        ),
      );
      assert.equal(fixture.buildCount, 0);
    });

    it("says so when Go does not work", async () => {
      const go = fixture.writeProgram("go", "echo 'go: cannot find GOROOT directory' >&2\nexit 2");
      assert.ok((await failure()).includes(`${go} does not work: go: cannot find GOROOT directory`));
    });

    it("shows the end of what go printed when the build fails, without its progress", async () => {
      fixture.writeGo({
        before: `
echo 'go: downloading example.com/a v1.0.0' >&2
echo 'google.golang.org/grpc' >&2
echo '# example.com/a' >&2
echo 'a.go:3:1: no space left on device' >&2
exit 1`,
      });
      const message = await failure();
      assert.ok(
        message.includes(
          "`go build` ended with exit code 1:\n      # example.com/a\n      a.go:3:1: no space left on device\n",
        ),
      );
      assert.doesNotMatch(message, /downloading|google/);
      assert.deepEqual(fixture.installed, []);
    });

    it("does not install what was built when it is broken", async () => {
      fixture.writeGo({ makes: "v3.0.0" });
      assert.ok((await failure()).includes(`is v3.0.0; ${pinned} is pinned`));
      assert.deepEqual(fixture.installed, []);
    });

    it("says which CLI on PATH it could not use", async () => {
      const path = fixture.writePulumi("v3.249.9");
      assert.match(
        await failure(),
        new RegExp(`pulumi on PATH: ${path} is v3\\.249\\.9; v3\\.250\\.0 or newer of v3 is needed`),
      );
    });

    it("says so when the versions folder cannot be made", async () => {
      mkdirSync(join(fixture.home, ".pulumi"));
      writeFileSync(fixture.versions, "in the way");
      fixture.writeGo();
      assert.ok((await failure()).includes(`preparing ${fixture.root}: `));
    });
  });
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

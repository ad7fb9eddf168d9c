import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { heldRun, throughSandbox } from "../../runner/engineOutput";
import { LiveLine } from "../../runner/liveLine";

describe("progress", () => {
  it("counts each resource once, also when it is refreshed before it is updated", async () => {
    const ended = (urn: string): EngineEvent =>
      ({ resOutputsEvent: { metadata: { urn } } }) as Partial<EngineEvent> as EngineEvent;
    const told: (string | undefined)[] = [];
    const silent = { color: "never" as const, onOutput: () => undefined, onError: () => undefined };
    await heldRun("Deploying", { progress: (line) => void told.push(line) }, silent, ({ onEvent }) => {
      for (const urn of ["one", "two", "one"]) onEvent?.(ended(urn));
      return Promise.resolve();
    });
    assert.deepEqual(told, [
      "Deploying",
      "Deploying: 1 resource",
      "Deploying: 2 resources",
      "Deploying: 2 resources",
      undefined,
    ]);
  });

  it("ends with commands that can be pasted outside of the sandbox, when the program advises any", () => {
    const text = [
      "    error: cannot be created: it already exists. Import it and run pulumi up again:",
      "      pulumi import a:b:C x /y/z --parent component=urn:pulumi:sandbox::p::q --stack sandbox",
      "      # pulumi state delete 'urn:pulumi:sandbox::p::q' --stack sandbox",
      "      pulumi config set azuread:tenantId x --stack production",
    ];
    const sandbox = "npx entra-sandbox --folder '/tmp/$& x'";
    assert.deepEqual(throughSandbox(text.join("\n"), sandbox).split("\n"), [
      text[0],
      text[1]?.replace("pulumi import", () => `${sandbox} exec -- pulumi import`),
      text[2]?.replace("pulumi state", () => `${sandbox} exec -- pulumi state`),
      text[3],
    ]);
  });

  it("is one line on a terminal, whole also where the terminal does not know its width, and plain lines elsewhere", () => {
    const said = (stream: { isTTY?: boolean; columns?: number }): string => {
      let text = "";
      const live = new LiveLine({ ...stream, write: (part: unknown) => ((text += String(part)), true) });
      live.show("Deploying: 2 resources");
      live.clear();
      return text;
    };
    assert.equal(said({ isTTY: true, columns: 0 }), "\r\x1b[2KDeploying: 2 resources\r\x1b[2K");
    assert.equal(said({ isTTY: true, columns: 10 }), "\r\x1b[2KDeploying\r\x1b[2K");
    assert.equal(said({}), "");
  });
});

import assert from "node:assert/strict";
import { runnableCommands } from "../console/runnableCommands";

describe("commands in what an operation writes", () => {
  const sandbox = "npx entra-sandbox --folder '/tmp/a trial'";
  const started = (text: string): string => runnableCommands(text, { ENTRA_SANDBOX_COMMAND: sandbox });

  it("are written as the sandbox that started the operation takes them, wherever they stand", () => {
    const red = "\u001b[31m";
    for (const [line, inSandbox] of [
      ["pulumi up --stack sandbox", `${sandbox} exec -- pulumi up --stack sandbox`],
      ["npx dicom-ops audit --stack sandbox", `${sandbox} ops audit`],
      ["npx dicom-ops adopt id --as a --stack sandbox --apply", `${sandbox} ops adopt id --as a --apply`],
      [`${red}npx dicom-ops audit --stack sandbox${red}`, `${red}${sandbox} ops audit${red}`],
      [`${red}pulumi up --stack sandbox`, `${red}${sandbox} exec -- pulumi up --stack sandbox`],
      [
        "  # pulumi state delete 'urn:pulumi:sandbox::p::a:b:C$d:e/f:G::gateway-x' --stack sandbox",
        `  # ${sandbox} exec -- pulumi state delete 'urn:pulumi:sandbox::p::a:b:C$d:e/f:G::gateway-x' --stack sandbox`,
      ],
      [
        `CLIENT_SECRET="$(pulumi stack output clientSecrets --json --stack sandbox | jq .x)"`,
        `CLIENT_SECRET="$(${sandbox} exec -- pulumi stack output clientSecrets --json --stack sandbox | jq .x)"`,
      ],
      [
        "pulumi preview --diff --stack sandbox   # only if nobody uses it, delete it: pulumi up --stack sandbox",
        `${sandbox} exec -- pulumi preview --diff --stack sandbox   # only if nobody uses it, delete it: ${sandbox} exec -- pulumi up --stack sandbox`,
      ],
      [
        "az ad app show --id x   # if the client's: npx dicom-ops adopt <client id> --as a --stack sandbox",
        `az ad app show --id x   # if the client's: ${sandbox} ops adopt <client id> --as a`,
      ],
      [
        '{"next":"pulumi up --stack sandbox","then":"npx dicom-ops audit --stack sandbox"}',
        `{"next":"${sandbox} exec -- pulumi up --stack sandbox","then":"${sandbox} ops audit"}`,
      ],
      [
        "Run `pulumi up --stack sandbox`; `npx dicom-ops audit --stack sandbox` shows it.",
        `Run \`${sandbox} exec -- pulumi up --stack sandbox\`; \`${sandbox} ops audit\` shows it.`,
      ],
      ...["'the gateway: a; b|c'", "'what o'\\''clock'", "''", '"$(az x --query id)/secrets/a b"'].flatMap(
        (name) => {
          const imported = `pulumi import t:m:T ${name} id --parent 'component=urn:a b' --stack sandbox`;
          const adopted = `npx dicom-ops adopt ${name} --stack sandbox`;
          const inJson = (line: string): string => JSON.stringify({ first: line, then: line });
          const importedThere = `${sandbox} exec -- ${imported}`;
          const adoptedThere = `${sandbox} ops adopt ${name}`;
          return [
            [imported, importedThere],
            [adopted, adoptedThere],
            [inJson(imported), inJson(importedThere)],
            [inJson(adopted), inJson(adoptedThere)],
          ] as const;
        },
      ),
      ["Run pulumi up --stack sandbox.", `Run ${sandbox} exec -- pulumi up --stack sandbox.`],
      [
        "so that pulumi up can make its own, or look: pulumi preview --stack sandbox",
        `so that pulumi up can make its own, or look: ${sandbox} exec -- pulumi preview --stack sandbox`,
      ],
    ] as const) {
      assert.equal(started(line), inSandbox);
      assert.equal(started(inSandbox), inSandbox, "not twice");
      assert.equal(runnableCommands(line, {}), line);
    }
  });

  it("are told from prose, which stays", () => {
    for (const line of [
      "# The old ones stay valid until pulumi up removes them",
      "Previewing what pulumi up would do",
      "In the stack file; pulumi up removes it. Name the stack with --stack sandbox.",
      "urn:pulumi:sandbox::project::pulumi:providers:azuread::default",
      "It's what pulumi up shows; the client's own is named with --stack sandbox",
      '{"a":"pulumi up","b":"name it","c":"with --stack sandbox"}',
    ]) {
      assert.equal(started(line), line);
    }
  });
});

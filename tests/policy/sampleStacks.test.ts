import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { policies } from "../../policy/policies";
import { program } from "../../components/stack/program";
import { projectRoot } from "lab";
import { record, type Registration } from "../unit/registrations";
import { examine } from "./examine";

const project = "dicom-service-client";
const stackFiles = readdirSync(projectRoot).filter((name) => /^Pulumi\..+\.yaml$/.test(name));

describe("the samples", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  for (const file of stackFiles) {
    // The policies that judge a whole stack need what a provider answers; the tests of the pack on the engine run those.
    it(`${file} passes the policies on resources of its stack, with the pack's defaults`, async () => {
      const stack = file.split(".")[1] ?? "";
      pulumi.runtime.setAllConfig(configOf(file));
      const { registrations } = await record(program);
      assert.ok(registrations.length >= 5);
      for (const registration of registrations) {
        assert.deepEqual(await violationsOf(registration, stack), [], registration.name);
      }
    });
  }

  it("are judged as what they are: without its protection and second owner, the production file does not pass", async () => {
    pulumi.runtime.setAllConfig(
      configOf("Pulumi.prod.yaml", (client) => {
        delete client["protect"];
        delete client["owners"];
      }),
    );
    const { registrations } = await record(program);
    const violations = await Promise.all(registrations.map((one) => violationsOf(one, "prod")));
    assert.deepEqual(
      new Set(violations.flat().map((violation) => violation.split(":")[0])),
      new Set(["owners", "protection"]),
    );
  });

  it("give a client that stores a role that may store, in every file", () => {
    const files = [
      ...stackFiles,
      "README.md",
      "README.ko.md",
      "components/README.md",
      ...under("docs"),
      ...under("examples"),
    ];
    for (const file of files) {
      const text = readFileSync(join(projectRoot, file), "utf8");
      const saysThatItStores = /\b(stores?|uploads?) (studies|images|instances)\b/i.test(text);
      const isReader = /\brole"?\s*[:=].{0,20}\breader\b(?!,)/i.test(text);
      assert.ok(
        !(saysThatItStores && isReader),
        `${file} has a client that stores, and one whose role is reader`,
      );
    }
  });
});

/** What the policies on resources say of one, as `policy: violation`. */
async function violationsOf(registration: Registration, stack: string): Promise<string[]> {
  const { type, name, inputs, parent, protect, additionalSecretOutputs, ignoreChanges } = registration;
  const found: string[] = [];
  for (const policy of policies) {
    if ("validateResource" in policy) {
      const [, , types = ""] = parent.replace(/^urn:pulumi:/, "").split("::");
      const { violations } = await examine(policy, {
        type,
        name,
        stack,
        props: inputs,
        ancestors: types
          .split("$")
          .filter((ancestor) => ancestor !== "pulumi:pulumi:Stack" && ancestor !== ""),
        parent: parent.slice(parent.lastIndexOf("::") + 2),
        opts: {
          protect,
          additionalSecretOutputs: [...additionalSecretOutputs],
          ignoreChanges: [...ignoreChanges],
        },
      });
      found.push(...violations.map((violation) => `${policy.name}: ${violation}`));
    }
  }
  return found;
}

/** A stack file's configuration as Pulumi hands it to the program, its clients changed if need be. */
function configOf(
  file: string,
  change: (client: Record<string, unknown>) => void = () => undefined,
): Record<string, string> {
  // The sandbox puts its own address in.
  const text = readFileSync(join(projectRoot, file), "utf8").replaceAll(
    "${ENTRA_SANDBOX_URL}",
    "https://sandbox",
  );
  const { config } = parse(text) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (key.endsWith("clients")) {
        Object.values(value as Record<string, Record<string, unknown>>).forEach(change);
      }
      return [
        key.includes(":") ? key : `${project}:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ];
    }),
  );
}

function under(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => !name.includes("node_modules"))
    .map((name) => join(folder, name))
    .filter((name) => statSync(join(projectRoot, name)).isFile());
}

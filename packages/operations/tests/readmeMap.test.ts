import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDicomScope } from "dicom-service-client/model";
import { parse } from "yaml";
import { projectRoot } from "lab";
import type { EstateMap } from "../map/estateMap";
import { mapMermaid } from "../map/mapMermaid";

interface SampleClient {
  readonly displayName: string;
  readonly access: readonly { readonly dicomService: string; readonly role: "reader" }[];
  readonly consent: "managed";
  readonly secret: { readonly from: string; readonly lifetimeDays: number };
}

/** The map of the sample stack after what the README does by hand: one secret more. */
async function sampleMap(): Promise<EstateMap> {
  const { config } = parse(await readFile(join(projectRoot, "Pulumi.sandbox.yaml"), "utf8")) as {
    readonly config: Readonly<Record<string, Readonly<Record<string, SampleClient>>>>;
  };
  const [[name, client] = assert.fail()] = Object.entries(config["dicom-service-client:clients"] ?? {});
  const { displayName, access, secret } = client;
  const [{ dicomService } = assert.fail()] = access;
  const scope = parseDicomScope(dicomService);
  const endsAt = new Date(Date.parse(secret.from) + secret.lifetimeDays * 86_400_000).toISOString();
  const credential = { kind: "secret", place: "application" } as const;
  return {
    version: 1,
    stack: "sandbox",
    asOf: "2026-11-28",
    complete: true,
    clients: [
      {
        name,
        displayName,
        clientId: "b96d6e04-e15d-4ea7-b73f-b47969e29b9a",
        credentials: [
          { ...credential, name: "slot a", standing: "declared", endsAt },
          { ...credential, name: "Added by hand", standing: "undeclared", endsAt: "2028-11-28T00:00:00Z" },
        ],
        access: [
          { kind: "consent", name: "Dicom.ReadWrite", to: "api", standing: "declared" },
          { kind: "Azure role", name: "DICOM Data Reader", to: dicomService, standing: "declared" },
        ],
      },
    ],
    targets: [
      { id: "api", kind: "API", name: "Azure API for DICOM" },
      {
        id: dicomService,
        kind: "DICOM service",
        name: `${scope?.workspace ?? ""}/${scope?.dicomService ?? ""}`,
      },
    ],
  };
}

function diagram(text: string): string {
  return /```mermaid\n[^]*?```/.exec(text)?.[0] ?? assert.fail("there is no diagram");
}

describe("the picture in the README", () => {
  for (const file of ["README.md", "README.ko.md"]) {
    it(`is what map draws for the sample stack: ${file}`, async () => {
      const readme = await readFile(join(projectRoot, file), "utf8");
      assert.equal(diagram(readme), diagram(mapMermaid(await sampleMap())));
    });
  }
});

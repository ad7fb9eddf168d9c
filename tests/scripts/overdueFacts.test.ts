import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { documentedPermissions } from "dicom-ops";
import { type OutsideFact, outsideFacts } from "dicom-service-client/model";
import { projectRoot } from "lab";
import { allFacts } from "../../scripts/allFacts";
import { overdueLines } from "../../scripts/overdueFacts";

describe("the facts about the outside", () => {
  it("have a source and days in order", () => {
    for (const [name, { source, readOn, lookAgainOn }] of Object.entries(allFacts)) {
      assert.ok(source !== "", name);
      assert.ok(/^\d{4}-\d\d-\d\d$/.test(readOn) && readOn < lookAgainOn, name);
    }
  });

  it("are listed from the day on that each names, and not before", () => {
    const lines = (today: string): readonly string[] => overdueLines(allFacts, documentedPermissions, today);
    const all = Object.keys(allFacts).length + documentedPermissions.length;
    assert.deepEqual(lines("2026-11-28"), [`0 of ${all} facts are to be looked at again.\n`]);
    const { lookAgainOn, value } = outsideFacts.objectsOfAnIdentity;
    assert.ok(lines(lookAgainOn).some((line) => line.startsWith(`${lookAgainOn}  objectsOfAnIdentity`)));
    assert.ok(lines(lookAgainOn).some((line) => line.includes(`: ${value}\n`)));
    assert.equal(lines("2100-01-01").at(-1), `${all} of ${all} facts are to be looked at again.\n`);
  });

  /*
   * The policy pack and the sandbox import nothing of the component, and the sandbox is not to share its mistakes. What they hold of the
   * same facts is compared here, so that a row that changes names them.
   */
  const copies: Readonly<Record<string, readonly OutsideFact[]>> = {
    "policy/rules/azureRole.ts": [
      outsideFacts.dicomDataReader,
      outsideFacts.dicomDataOwner,
      outsideFacts.owner,
      outsideFacts.contributor,
      outsideFacts.userAccessAdministrator,
      outsideFacts.accessAdministrator,
      outsideFacts.vaultAccessAdministrator,
    ],
    "policy/rules/credentialEndDate.ts": [outsideFacts.scubaSecretDays, outsideFacts.scubaCertificateDays],
    "policy/rules/requestedPermissions.ts": [outsideFacts.dicomClientId],
    "packages/sandbox/tenant/domain/builtInRoles.ts": [
      outsideFacts.owner,
      outsideFacts.contributor,
      outsideFacts.userAccessAdministrator,
      outsideFacts.accessAdministrator,
      outsideFacts.dicomDataOwner,
      outsideFacts.dicomDataReader,
    ],
    "packages/sandbox/tenant/domain/federatedCredentials.ts": [
      outsideFacts.federatedCredentialsOfApplication,
    ],
    "packages/sandbox/tenant/domain/firstPartyApplications.ts": [
      outsideFacts.graphClientId,
      outsideFacts.resourceManagerClientId,
      outsideFacts.vaultClientId,
      outsideFacts.dicomClientId,
      outsideFacts.fhirClientId,
      outsideFacts.dicomAudience,
      outsideFacts.publicGraph,
      outsideFacts.governmentGraph,
      outsideFacts.publicResourceManager,
      outsideFacts.publicVault,
    ],
    "packages/sandbox/tenant/surfaces/dicomweb/dicomAuthorization.ts": [outsideFacts.dicomAudience],
    "packages/sandbox/tenant/surfaces/login/workloadTokens.ts": [
      outsideFacts.githubIssuer,
      outsideFacts.azureDevOpsIssuer,
    ],
  };
  for (const [file, facts] of Object.entries(copies)) {
    it(`are what ${file} holds of them`, () => {
      const source = readFileSync(join(projectRoot, file), "utf8");
      for (const { what, value } of facts) {
        assert.match(source, new RegExp(`(?<![\\w])${String(value).replaceAll(".", "\\.")}(?![\\w])`), what);
      }
    });
  }

  it("have a row for each id that the policies hold", () => {
    const rows: readonly unknown[] = Object.values(allFacts).map(({ value }) => value);
    const held = sources(["policy"]).flatMap(({ file, text }) =>
      [...withoutComments(text).matchAll(/"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/gi)].map(
        ([, id]) => ({ file, id: id?.toLowerCase() }),
      ),
    );
    assert.ok(held.length > 30, String(held.length));
    assert.deepEqual(
      held.filter(({ id }) => !rows.includes(id)),
      [],
    );
  });

  it("are written nowhere else in the component and the operations", () => {
    const texts = Object.values<OutsideFact>(outsideFacts).map(({ value }) => String(value));
    const known = [
      ...texts.filter((text) => /^https:|^api:/.test(text)).map((text) => `"${text}"`),
      ...texts.filter((text) => /^[0-9a-f-]{36}$/.test(text)),
    ];
    const found = sources(["components", "packages/operations"]).flatMap(({ file, text }) =>
      withoutComments(text)
        .split("\n")
        .filter((line) => known.some((one) => line.includes(one)))
        .map((line) => `${file}: ${line.trim()}`),
    );
    assert.deepEqual(found, []);
  });
});

/** The code of folders, without tests, and without the rows themselves. */
function sources(folders: readonly string[]): readonly { readonly file: string; readonly text: string }[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith(".ts") && !/(^|\/)(bin|node_modules|tests)\//.test(file))
    .filter((file) => file !== join("components", "outsideFacts.ts"))
    .map((file) => ({ file, text: readFileSync(join(projectRoot, file), "utf8") }));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\//g, "");
}

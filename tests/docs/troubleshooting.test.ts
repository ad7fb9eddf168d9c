import assert from "node:assert/strict";
import { codeSpans, guide } from "./guideFiles";

interface Entry {
  readonly message: string;
  readonly cure: string;
}

/** The rows of a guide's tables, table by table. */
function tablesOf(path: string): readonly (readonly Entry[])[] {
  const tables = guide(path).text.match(/(?:^\|.*\n?)+/gm) ?? [];
  return tables.map((table) =>
    table
      .trim()
      .split("\n")
      .slice(2)
      .map((row) => {
        const [first = "", cure = ""] = row
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim());
        return { message: codeSpans(first)[0] ?? "", cure };
      }),
  );
}

describe("the troubleshooting guide", () => {
  const english = tablesOf("docs/operate/troubleshooting.md");
  const korean = tablesOf("docs/operate/troubleshooting.ko.md");

  it("has what users meet most of what Entra, Azure and Pulumi print", () => {
    for (const known of [
      ...["AADSTS7000215", "AADSTS7000222", "AADSTS700016", "AADSTS500011", "AADSTS65001", "AADSTS53003"],
      ...["Authorization_RequestDenied", "Permission entry already exists", "AsPerAppPolicy"],
      ...["403 from the DICOM service", "PrincipalNotFound", "RoleAssignmentExists"],
      ...["RoleAssignmentUpdateNotPermitted", "azuread_application", "locked", "passphrase"],
    ]) {
      assert.ok(
        english.flat().some(({ message }) => message.includes(known)),
        known,
      );
    }
  });

  it("says of each what to do, names none twice, and sorts them", () => {
    const sortable = (message: string): string => message.replace(/^[\W_]+/u, "").toLowerCase();
    for (const tables of [english, korean]) {
      const all = tables.flat();
      assert.equal(new Set(all.map(({ message }) => message)).size, all.length);
      for (const { message, cure } of all) {
        assert.notEqual(message, "");
        assert.match(cure, /\p{L}{2}.*[.)]$/u, message);
      }
      for (const table of tables) {
        const messages = table.map(({ message }) => sortable(message));
        assert.deepEqual(messages, [...messages].sort());
      }
    }
  });

  it("does not tell to delete what has not been looked at", () => {
    for (const { message, cure } of [...english, ...korean].flat()) {
      assert.doesNotMatch(cure, /\bdelete --ids|credential delete|\bpurge --name/, message);
    }
  });

  it("has the same entries in Korean", () => {
    const messages = (tables: readonly (readonly Entry[])[]): string[][] =>
      tables.map((table) => table.map(({ message }) => message));
    assert.deepEqual(messages(korean), messages(english));
    for (const { message, cure } of korean.flat()) assert.match(cure, /\p{Script=Hangul}/u, message);
  });
});

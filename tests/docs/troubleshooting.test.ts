import assert from "node:assert/strict";
import { codeSpans, guide } from "./guideFiles";
import { normalised, printedMessages, verificationProblems } from "./printedMessages";

/** What is passed on in the words of others, so that there is nothing to name. */
const passedOn: readonly string[] = [
  // a service's own refusal
  "operations/cloud/refusedCall.ts",
  // what the Pulumi CLI has said, for --debug
  "operations/project/pulumiCommandLine.ts",
  // why an executable is broken: read where that is found out
  "toolchain/installation.ts",
  // read where the class is declared
  "toolchain/interruption.ts",
  // what the program has said: read in the program
  "sandbox/runner/inlineProgram.ts",
];

/** The sections of both guides, in their order, and whether what they name is printed by this project. */
const sections = ["own", "own", "own", "verify", "own", "own", "Entra", "Azure", "Pulumi"] as const;

type Section = (typeof sections)[number];

interface Entry {
  readonly section: Section;
  readonly message: string;
  readonly cure: string;
}

/** The rows of the guide's tables. */
function entriesOf(path: string): readonly Entry[] {
  const tables = guide(path).text.match(/(?:^\|.*\n?)+/gm) ?? [];
  assert.equal(tables.length, sections.length, `${path} has other tables than this test knows`);
  return tables.flatMap((table, index) =>
    table
      .trim()
      .split("\n")
      .slice(2)
      .map((row) => {
        const [first = "", cure = ""] = row
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim());
        const [message = ""] = codeSpans(first);
        return { section: sections[index] ?? "own", message, cure };
      }),
  );
}

describe("the troubleshooting guide", () => {
  const english = entriesOf("docs/operate/troubleshooting.md");
  const korean = entriesOf("docs/operate/troubleshooting.ko.md");
  const named = (entries: readonly Entry[], section: Section): readonly string[] =>
    entries.filter((entry) => entry.section === section).map(({ message }) => message);

  it("names every message that the product prints, and no other", () => {
    const { messages } = printedMessages();
    assert.ok(messages.length > 100, "the sources could not be read");
    const inGuide = new Set(named(english, "own"));
    assert.deepEqual(
      messages.filter(({ text }) => !inGuide.has(text)).map(({ text, place }) => `${place}: ${text}`),
      [],
      "these messages have no entry",
    );
    const printed = new Set(messages.map(({ text }) => text));
    assert.deepEqual(
      [...inGuide].filter((message) => !printed.has(message)),
      [],
      "nothing prints these entries",
    );
  });

  it("names every problem that verify can find", () => {
    const problems = verificationProblems();
    assert.ok(problems.includes("wrong-secret"));
    assert.deepEqual([...named(english, "verify")].sort(), [...problems].sort());
  });

  it("can read out of the sources whatever is printed", () => {
    assert.deepEqual(
      printedMessages()
        .unreadable.map((place) => place.replace(/:\d+$/, ""))
        .filter((file) => !passedOn.includes(file)),
      [],
      "write these messages so that they can be read, or say here why not",
    );
  });

  it("has what users meet most of what Entra, Azure and Pulumi print", () => {
    const others = english.filter(({ section }) => !["own", "verify"].includes(section));
    for (const known of [
      ...["AADSTS7000215", "AADSTS7000222", "AADSTS700016", "AADSTS500011", "AADSTS65001", "AADSTS53003"],
      ...["Authorization_RequestDenied", "Permission entry already exists", "AsPerAppPolicy"],
      ...["403 from the DICOM service", "PrincipalNotFound", "RoleAssignmentExists"],
      ...["RoleAssignmentUpdateNotPermitted", "azuread_application", "locked", "passphrase"],
    ]) {
      assert.ok(
        others.some(({ message }) => message.includes(known)),
        known,
      );
    }
  });

  it("says of each what to do, names none twice, and sorts them", () => {
    for (const entries of [english, korean]) {
      const seen = new Set<string>();
      for (const { section, message, cure } of entries) {
        assert.notEqual(message, "");
        assert.equal(message, normalised(message));
        assert.match(cure, /\p{L}{2}.*[.)]$/u, message);
        assert.ok(!seen.has(`${section} ${message}`), `twice: ${message}`);
        seen.add(`${section} ${message}`);
      }
    }
    const sortable = (message: string): string => message.replace(/^[\W_]+/u, "").toLowerCase();
    for (const path of ["docs/operate/troubleshooting.md", "docs/operate/troubleshooting.ko.md"]) {
      for (const table of guide(path).text.match(/(?:^\|.*\n?)+/gm) ?? []) {
        const messages = table
          .trim()
          .split("\n")
          .slice(2)
          .map((row) => sortable(codeSpans(row)[0] ?? ""));
        assert.deepEqual(messages, [...messages].sort(), path);
      }
    }
  });

  it("has the same entries in Korean", () => {
    const keys = (entries: readonly Entry[]): string[] =>
      entries.map(({ section, message }) => `${section}: ${message}`);
    assert.deepEqual(keys(korean), keys(english));
    for (const { message, cure } of korean) assert.match(cure, /\p{Script=Hangul}/u, message);
  });
});

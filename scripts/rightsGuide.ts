import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentedCall, documentedCalls } from "dicom-ops";
import type { GeneratedFile } from "./generatedFile";
import { withSection } from "./section";

const path = join(__dirname, "..", "docs", "reference", "rights.md");

/** The reference whose tables are made from the calls and the documented permissions. */
export const rightsGuide: GeneratedFile = {
  path,
  make: () => withSection(readFileSync(path, "utf8"), "rights", content()),
};

function content(): readonly string[] {
  const all = documentedCalls();
  const graph = all.filter(({ kind }) => kind === "graph");
  const azure = all.filter(({ kind }) => kind === "action" || kind === "dataAction");
  const open = all.filter(({ kind }) => kind === "nothing");
  return [
    "## Microsoft Graph",
    table(graph),
    "## Azure",
    table(azure),
    "## Without a right",
    table(open),
    "## Where sources disagree",
    ...graph.flatMap(disagreement),
    "## Notes and sources",
    ...all.map(notes),
  ];
}

function table(calls: readonly DocumentedCall[]): string {
  return [
    "| call | right | for | made by | confidence |",
    "| --- | --- | --- | --- | --- |",
    ...calls.map(
      (call) =>
        `| ${link(call)} | ${right(call)} | ${call.reasons.map(escaped).join("; ")} | ${call.madeBy.join(", ")} | ${call.permission.confidence} |`,
    ),
  ].join("\n");
}

function right({ kind, strict, lenient, permission }: DocumentedCall): string {
  if (kind === "nothing") return "none";
  const text = names(strict);
  const owned = strict.some((one) => permission.ownedOnly?.includes(one)) ? ", for owned objects" : "";
  return `${text}${owned}${names(lenient) === text ? "" : `; lenient: ${names(lenient)}`}`;
}

function disagreement(call: DocumentedCall): readonly string[] {
  const { contested = [] } = call.permission;
  if (contested.length === 0) return [];
  return [
    `**${title(call)}**`,
    contested
      .map(
        ({ set, when, says }) => `- ${names(set)}${when ? ` (when ${escaped(when)})` : ""}: ${escaped(says)}`,
      )
      .join("\n"),
  ];
}

function notes(call: DocumentedCall): string {
  const { notes: text, readOn, sources } = call.permission;
  return [
    `### ${heading(call)}`,
    ...(text === "" ? [] : [escaped(text)]),
    sources.length === 0
      ? `No page was read (${readOn}).`
      : `Read on ${readOn}:\n\n${sources.map((source) => `- ${source.startsWith("https:") ? `<${source}>` : `\`${source}\``}`).join("\n")}`,
  ].join("\n\n");
}

function names(permissions: readonly string[]): string {
  return permissions.map((one) => `\`${one}\``).join(" with ");
}

function title({ permission: { api, method, path: address } }: DocumentedCall): string {
  return `\`${method} ${address}\`${api === "graph-beta" ? " (beta)" : ""}`;
}

/** Plain, so that its anchor is plain, too. */
function heading({ permission: { api, method, path: address } }: DocumentedCall): string {
  return `${method} ${address.replace(/[{}$]/g, "").replace(/[/.]+/g, " ").trim()}, ${api}`;
}

function link(call: DocumentedCall): string {
  const anchor = heading(call)
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/\s/g, "-");
  return `[${title(call)}](#${anchor})`;
}

function escaped(text: string): string {
  return text.replace(/[|<>*_]/g, "\\$&");
}

import { plainText } from "dicom-service-client/model";
import { escapeMarkdown } from "../console/markup";
import type { EstateMap, MapStanding } from "./estateMap";
import { accessWords, credentialWords, endWords, mapSummary } from "./mapWords";

/** How nodes and arrows look that are not simply declared: nothing hangs on the colour, as the standing is written, too. */
const styles: Readonly<Record<Exclude<MapStanding, "declared">, string>> = {
  undeclared: "stroke:#b3261e,stroke-width:3px,stroke-dasharray:6 3",
  changed: "stroke:#b3261e,stroke-width:3px",
  missing: "stroke:#7a4f01,stroke-width:2px,stroke-dasharray:2 3",
  due: "stroke:#7a4f01,stroke-width:2px",
};

/** Writes a map as Markdown with a Mermaid diagram, which GitHub, GitLab and Azure DevOps show as a picture. */
export function mapMermaid(map: EstateMap): string {
  const targetIds = new Map(map.targets.map(({ id }, index) => [id, `t${index}`] as const));
  const lines: string[] = [];
  const links: string[] = [];
  const classes: string[] = [];
  const mark = (node: string, standing: MapStanding): void => {
    if (standing !== "declared") classes.push(`  class ${node} ${standing}`);
  };
  const link = (from: string, label: string, to: string, standing: MapStanding): void => {
    if (standing !== "declared") classes.push(`  linkStyle ${links.length} ${styles[standing]}`);
    links.push(`  ${from} ${label === "" ? "---" : `-->|"${label}"|`} ${to}`);
  };
  map.clients.forEach(({ name, displayName, clientId, credentials, access }, index) => {
    const client = `c${index}`;
    lines.push(`  subgraph ${client}g["${escapeMermaid(name)}"]`);
    lines.push(`    ${client}["${label(displayName ?? "not there", clientId ?? "no client id")}"]`);
    credentials.forEach((credential, at) => {
      const node = `${client}k${at}`;
      lines.push(
        `    ${node}(["${label(credentialWords(credential), endWords(credential), ...standingLine(credential.standing))}"])`,
      );
      mark(node, credential.standing);
      link(node, "", client, credential.standing);
    });
    lines.push("  end");
    for (const one of access) {
      const words = label(accessWords(one), ...standingLine(one.standing));
      link(client, words, targetIds.get(one.to) ?? "", one.standing);
    }
  });
  map.targets.forEach(({ kind, name }, index) => lines.push(`  t${index}[["${label(name, kind)}"]]`));
  const definitions = Object.entries(styles)
    .filter(([name]) => classes.some((line) => line.startsWith("  class ") && line.endsWith(` ${name}`)))
    .map(([name, style]) => `  classDef ${name} ${style}`);
  return [
    `# Clients of the stack ${escapeMarkdown(map.stack)} on ${map.asOf}`,
    "",
    mapSummary(map),
    "",
    "```mermaid",
    "flowchart LR",
    ...lines,
    ...links,
    ...definitions,
    ...classes,
    "```",
    "",
  ].join("\n");
}

function standingLine(standing: MapStanding): readonly string[] {
  return standing === "declared" ? [] : [standing.toUpperCase()];
}

/** Lines of a label, none of which can be more than a text. */
function label(...lines: readonly string[]): string {
  return lines.map(escapeMermaid).join("<br/>");
}

/**
 * A text that others chose, in a quoted label of Mermaid: what is no letter, digit, blank or harmless mark is written as an entity.
 * Source: https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
 */
function escapeMermaid(text: string): string {
  return plainText(text).replace(
    /[^\p{L}\p{N} ,./:-]/gu,
    (character) => `#${character.codePointAt(0) ?? 0};`,
  );
}

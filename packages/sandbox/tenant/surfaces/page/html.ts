/** Markup that needs no escaping any more. */
export class Html {
  constructor(readonly text: string) {}
}

/** What a template may hold: text and numbers are escaped, markup is not. */
export type Content = Html | string | number | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Template tag that makes markup; every value is escaped, unless it is markup made by this tag. Attribute values have to be quoted. */
export function html(markup: TemplateStringsArray, ...values: readonly Content[]): Html {
  const [first = "", ...rest] = markup;
  return new Html(first + rest.map((text, index) => escaped(values[index] ?? "") + text).join(""));
}

function escaped(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === "object") return content.map(escaped).join("");
  return String(content).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

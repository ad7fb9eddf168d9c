/** What a program sets on the `…Args` classes of an SDK, and what it reads from the variable `client`. */
export interface ArgsClassUse {
  readonly set: readonly { readonly argsClass: string; readonly property: string }[];
  readonly read: readonly string[];
}

/**
 * Reads which properties a program in Go or C# sets and reads. It knows just enough of both languages for examples: an `…Args`
 * name opens a literal, and properties stand in it before `:` or `=`.
 */
export function argsClassUse(source: string): ArgsClassUse {
  const text = source.replaceAll(/"[^"\n]*"/g, '""').replaceAll(/\/\/.*$/gm, "");
  const open: (string | undefined)[] = [];
  const set: { argsClass: string; property: string }[] = [];
  let last: string | undefined;
  for (const [token] of text.matchAll(/[A-Za-z]\w*Args\b|[A-Z]\w*(?=\s*(?::|=)(?!=))|[{};]/g)) {
    if (token === "{") {
      open.push(last ?? open.at(-1));
      last = undefined;
    } else if (token === "}") {
      open.pop();
    } else if (token === ";") {
      last = undefined;
    } else if (token.endsWith("Args")) {
      last = token;
    } else {
      const argsClass = open.at(-1);
      if (argsClass !== undefined) set.push({ argsClass, property: token });
    }
  }
  const read = [...text.matchAll(/\bclient\.([A-Z]\w*)/g)].flatMap(([, property]) => property ?? []);
  return { set, read };
}

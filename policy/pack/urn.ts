/** Parts of a URN such as `urn:pulumi:prod::project::parentType$type::name`. */
export interface UrnParts {
  readonly stack: string;
  /** Types of the resource's ancestors, the outermost first. */
  readonly ancestorTypes: readonly string[];
  /** Name of the resource, which may hold anything. */
  readonly name: string;
}

/** Reads what a URN says of the stack, the ancestors of a resource and its name. */
export function parseUrn(urn: string): UrnParts {
  const [stack = "", , chain = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, ancestorTypes: chain.split("$").slice(0, -1), name: name.join("::") };
}

/** Whether a stack's name is one of a list; `*` in the list stands for any text. */
export function isStackIn(urn: string, patterns: readonly string[]): boolean {
  const { stack } = parseUrn(urn);
  return patterns.some((pattern) =>
    new RegExp(`^${pattern.split("*").map(literally).join(".*")}$`).test(stack),
  );
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Parts of a URN such as `urn:pulumi:prod::project::parentType$type::name`. */
export interface UrnParts {
  readonly stack: string;
  /** Types of the resource's ancestors, the outermost first. */
  readonly ancestorTypes: readonly string[];
}

/** Reads what a URN says of the stack and of the ancestors of a resource. */
export function parseUrn(urn: string): UrnParts {
  const [stack = "", , chain = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  return { stack, ancestorTypes: chain.split("$").slice(0, -1) };
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

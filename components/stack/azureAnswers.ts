/** Whether the azure-native provider says that what was asked for is not there, not that it may not be read. */
export function isNotFound(error: unknown): boolean {
  return /\b404\b|NotFound/.test(textOf(error));
}

/** The last line of what a provider says, which holds the reason. */
export function reasonOf(error: unknown): string {
  return textOf(error).trim().split("\n").at(-1)?.trim() ?? "no reason given";
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A failure in the form of a Terraform diagnostic: a summary of what could not be done, and the detail. Its
 * message reads as the real plugin's, whose errors come as a list with one entry.
 */
export class DiagnosticError extends Error {
  constructor(summary: string, detail?: string, cause?: unknown) {
    super(`1 error occurred:\n\t* ${detail === undefined ? summary : `${summary}: ${detail}`}\n\n`, {
      cause,
    });
    this.name = "DiagnosticError";
  }
}

/** Runs a step; its failure becomes a {@link DiagnosticError} with this summary. */
export async function diagnosed<Result>(summary: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof DiagnosticError ? error : new DiagnosticError(summary, messageOf(error), error);
  }
}

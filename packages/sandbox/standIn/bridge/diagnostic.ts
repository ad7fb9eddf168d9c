/** What went wrong, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A failure in the form of a Terraform diagnostic: a summary of what could not be done, and the detail. Its
 * message reads as the real plugin's, whose errors come as a list with one entry.
 */
export class DiagnosticError extends Error {
  /** As Terraform logs it. */
  readonly text: string;

  /** @param options.attribute the property that Terraform names with the diagnostic */
  constructor(
    summary: string,
    detail?: string,
    options: ErrorOptions & { readonly attribute?: string } = {},
  ) {
    const text = detail === undefined ? summary : `${summary}: ${detail}`;
    const at = options.attribute === undefined ? "" : `[${options.attribute}] `;
    super(`1 error occurred:\n\t* ${at}${text}\n\n`, options);
    this.name = "DiagnosticError";
    this.text = text;
  }
}

/** The diagnostic that has led to an error; undefined when none has. */
export function diagnosticIn(error: unknown): DiagnosticError | undefined {
  if (error instanceof DiagnosticError) return error;
  return error instanceof Error && error.cause !== undefined ? diagnosticIn(error.cause) : undefined;
}

/** Runs a step; its failure becomes a {@link DiagnosticError} with this summary. */
export async function diagnosed<Result>(summary: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof DiagnosticError
      ? error
      : new DiagnosticError(summary, messageOf(error), { cause: error });
  }
}

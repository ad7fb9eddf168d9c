/** What the operating system says when a file or folder cannot be written, in words. */
const causes: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "it is on a read-only disk",
  EACCES: "you are not allowed to write there",
  EPERM: "you are not allowed to write there",
  ENOTDIR: "a part of its path is a file",
};

/**
 * Explains an error of the operating system that keeps the sandbox from writing, for the user to cure.
 *
 * @returns undefined when it is another error.
 */
export function diskProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const file = "path" in error ? String(error.path) : "A file of the sandbox";
  const code = String(error.code);
  // Making a folder below a read-only one fails with this code, too.
  const isMissingParent = code === "ENOENT" && "syscall" in error && error.syscall === "mkdir";
  const cause = causes[code] ?? (isMissingParent ? "its parent folder is not writable" : undefined);
  return cause === undefined
    ? undefined
    : `${file} cannot be written: ${cause} (${code}). Free some space or choose another folder with --folder, and run the command again; what was deployed before is kept.`;
}

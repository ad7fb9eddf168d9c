/** Command that runs a TypeScript file of ours as a program, by absolute paths, so that it works in any folder. */
export function typescriptProgram(file: string): [string, ...string[]] {
  return [process.execPath, "-r", require.resolve("ts-node/register/transpile-only"), file];
}

import { runOperation } from "./runOperation";

const interruption = new AbortController();
// Only once: a second signal ends the process at once.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    interruption.abort();
  });
}

// Whoever writes is told of a failure, such as a reader that has gone away (`… | head`); without a listener the process would end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => undefined);
}

void runOperation(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  ...(process.stdin.isTTY && process.stderr.isTTY
    ? { terminal: { input: process.stdin, output: process.stderr } }
    : {}),
  env: process.env,
  cwd: process.cwd(),
  signal: interruption.signal,
}).then((code) => {
  process.exitCode = code;
});

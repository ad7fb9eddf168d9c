import { writeFileSync } from "node:fs";

// Loaded before a program that is measured: at its end it leaves behind how much memory the process had at most.
process.on("exit", () => {
  const file = process.env["BENCH_MEMORY_FILE"];
  if (file !== undefined) {
    writeFileSync(file, JSON.stringify({ kibibytes: process.resourceUsage().maxRSS }));
  }
});

import { writeFileSync } from "node:fs";

// Loaded before a program that is measured: at its end it leaves behind how much memory the process had at most, and
// how much time of the processor it took.
process.on("exit", () => {
  const file = process.env["BENCH_MEMORY_FILE"];
  if (file !== undefined) {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(file, JSON.stringify({ kibibytes: maxRSS, microseconds: userCPUTime + systemCPUTime }));
  }
});

import { appendFile, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { OperationIo } from "../operationIo";
import { pipelineSystem } from "./pipelineSystem";

/** How a step speaks to the system that runs it; on a terminal, to whoever reads along. */
export class JobOutput {
  constructor(private readonly io: Pick<OperationIo, "env" | "stdout" | "stderr">) {}

  /** Hands a value over to later steps. */
  async publish(name: string, value: string): Promise<void> {
    switch (pipelineSystem(this.io.env)) {
      case "github":
        await this.append("GITHUB_OUTPUT", `${name}=${value}\n`);
        break;
      case "azure":
        this.say(`##vso[task.setvariable variable=${name};isOutput=true]${value}`);
        break;
      case "terminal":
    }
  }

  /** Adds a Markdown file to the summary of the run. */
  async summarize(file: string): Promise<void> {
    switch (pipelineSystem(this.io.env)) {
      case "github":
        await this.append("GITHUB_STEP_SUMMARY", await readFile(file, "utf8"));
        break;
      case "azure":
        this.say(`##vso[task.uploadsummary]${resolve(file)}`);
        break;
      case "terminal":
    }
  }

  /** Shows a warning, of one line, where people look first. */
  warn(text: string): void {
    switch (pipelineSystem(this.io.env)) {
      case "github":
        this.say(`::warning::${text}`);
        break;
      case "azure":
        this.say(`##vso[task.logissue type=warning]${text}`);
        break;
      case "terminal":
        this.io.stderr.write(`warning: ${text}\n`, () => undefined);
    }
  }

  private async append(variable: string, text: string): Promise<void> {
    const file = this.io.env[variable];
    if (file) await appendFile(file, text);
  }

  private say(line: string): void {
    this.io.stdout.write(`${line}\n`, () => undefined);
  }
}

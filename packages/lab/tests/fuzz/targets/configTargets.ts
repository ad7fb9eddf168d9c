import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { stringify } from "yaml";
import { prepareWorkspace, SandboxError } from "entra-sandbox";
import { project, projectName } from "../../../fixtures/repository";
import { ConfigError, isMapping, type RawStackConfig, readStackConfig } from "dicom-service-client/model";
import { stackFileLines } from "dicom-ops";
import { representativeClient } from "../../representativeClient";
import { type FuzzTarget, openTarget, type OpenTarget, type Reaction, refusedWith } from "../fuzzTarget";
import { mutatedText } from "../mutatedBytes";
import { mutatedValue } from "../mutatedValue";
import { hostileText, hostileValue } from "../hostileValues";
import { yamlTraps } from "../yamlTraps";
import { temporaryFolder } from "./temporaryFolder";

const validConfig = {
  asOf: "2026-12-01",
  api: { applicationId: "75e725bf-66ce-4cea-9b9a-5c4caae57f33" },
  clients: { "imaging-gateway": representativeClient },
};

const stackFile = stringify({
  config: Object.fromEntries(
    Object.entries(validConfig).map(([key, value]) => [`${projectName}:${key}`, value]),
  ),
});

/** The stack's configuration, as values and as a file. */
export const configTargets: readonly FuzzTarget[] = [
  {
    name: "configuration, any values",
    share: 15,
    open: () =>
      Promise.resolve(
        openTarget(
          fc.record({
            clients: hostileValue,
            api: fc.oneof(fc.constant({}), hostileValue),
            asOf: fc.oneof(fc.constant("2026-12-01"), hostileText),
            environment: fc.oneof(fc.constant("public"), hostileText),
          }),
          readConfiguration,
        ),
      ),
  },
  {
    name: "configuration, changed",
    share: 25,
    open: () =>
      Promise.resolve(
        openTarget(mutatedValue(validConfig), (config) => readConfiguration(isMapping(config) ? config : {})),
      ),
  },
  {
    name: "stack file",
    share: 10,
    open: async (): Promise<OpenTarget> => {
      const folder = await temporaryFolder();
      const file = join(folder.path, "Pulumi.fuzz.yaml");
      return openTarget(
        mutatedText(stackFile, yamlTraps),
        async (text) => {
          await writeFile(file, text);
          const lines = await stackFileLines({ folder: folder.path, name: projectName }, "fuzz");
          const { startLine, endLine, startColumn } = lines.placeOf("imaging-gateway", "secret-undeclared");
          if (!(startLine >= 1 && endLine >= startLine && startColumn >= 1)) {
            throw new Error(`there is no place ${startLine}:${startColumn}`);
          }
          try {
            await prepareWorkspace(folder.path, project, file, "https://127.0.0.1");
            return "accepted";
          } catch (error) {
            return refusedWith(error, SandboxError);
          }
        },
        folder.remove,
      );
    },
  },
];

function readConfiguration({ clients, api, asOf, environment }: Readonly<Record<string, unknown>>): Reaction {
  // The engine hands simple keys over as texts.
  const raw: RawStackConfig = { clients, api, asOf: textOf(asOf), environment: textOf(environment) };
  try {
    readStackConfig(raw, new Date("2026-12-01T09:00:00Z"));
    return "accepted";
  } catch (error) {
    return refusedWith(error, ConfigError);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

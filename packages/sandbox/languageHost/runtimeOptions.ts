import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { split } from "shlex";

/** What `runtime.options` of Pulumi.yaml, PulumiPlugin.yaml or PulumiPolicy.yaml asks of the Node.js runtime. */
export interface RuntimeOptions {
  /** Whether the program is compiled by ts-node while it is loaded. Default: yes. */
  readonly typescript: boolean;
  /** Path of the tsconfig.json to use in place of the program's own. */
  readonly tsconfig?: string;
  /** Arguments for Node.js itself. */
  readonly nodeArguments: readonly string[];
}

const packageManagers: readonly unknown[] = [undefined, "auto", "npm"];

/**
 * Reads the options of the runtime.
 *
 * @throws an Error in the real host's words when one has the wrong type, or when it names a package manager that is not npm.
 */
export function readRuntimeOptions(options: Struct | undefined): RuntimeOptions {
  const {
    typescript = true,
    tsconfig = "",
    nodeargs = "",
    packagemanager,
  } = (options?.toJavaScript() ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof typescript !== "boolean") {
    throw new Error("typescript option must be a boolean");
  }
  if (typeof tsconfig !== "string") {
    throw new Error("tsconfigpath option must be a string");
  }
  if (typeof nodeargs !== "string") {
    throw new Error("nodeargs option must be a string");
  }
  if (!packageManagers.includes(packagemanager)) {
    throw new Error(
      `the stand-in for the Node.js language host does not cover packagemanager ${JSON.stringify(packagemanager)}, only npm`,
    );
  }
  return { typescript, ...(tsconfig === "" ? {} : { tsconfig }), nodeArguments: split(nodeargs) };
}

/** The variables by which the SDK's start scripts learn of the options. */
export function optionVariables(options: RuntimeOptions): Readonly<Record<string, string>> {
  return {
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

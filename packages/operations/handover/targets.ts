import type { ConsumerSettings } from "./consumerSettings";
import { curlScript } from "./curlScript";
import { dotnetProgram } from "./dotnetProgram";
import { environmentFile } from "./environmentFile";
import { externalSecretManifest, kubernetesManifest } from "./kubernetesManifests";
import { nodeModule } from "./nodeModule";
import { orthancScript } from "./orthancScript";
import { pythonModule } from "./pythonModule";

/** Something that settings are written for. */
interface Target {
  /** Ending of the file's name. */
  readonly extension: string;
  /** @throws OperationError when the client's credential does not fit */
  readonly write: (settings: ConsumerSettings) => string;
}

/** Everything that settings are written for, by its name. */
export const targets = {
  env: { extension: "env", write: environmentFile },
  curl: { extension: "sh", write: curlScript },
  python: { extension: "py", write: pythonModule },
  node: { extension: "mjs", write: nodeModule },
  dotnet: { extension: "cs", write: dotnetProgram },
  kubernetes: { extension: "yaml", write: kubernetesManifest },
  "external-secrets": { extension: "yaml", write: externalSecretManifest },
  orthanc: { extension: "sh", write: orthancScript },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;

export const targetNames = Object.keys(targets) as readonly TargetName[];

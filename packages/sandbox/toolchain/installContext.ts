/** What a source of the CLI is given. */
export interface InstallContext {
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** How messages call what was found before: `no` or `no usable`. */
  readonly found: string;
  /** Whether Pulumi's download site may be asked. */
  readonly isDownloadAllowed: boolean;
  /** Where Pulumi's releases are asked for; only probed, the installer knows its own address. */
  readonly downloadOrigin: string;
  /** Program and first arguments of the installer; folder, version and origin are appended. Default: ours. */
  readonly installer?: readonly string[];
  /** Milliseconds between two progress lines of a build. */
  readonly heartbeat: number;
}

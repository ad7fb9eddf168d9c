/** What a user never needs to change, but a test or an unusual network does. */
export interface ToolchainSettings {
  /** Where Pulumi's releases are asked for; only probed, the installer knows its own address. */
  readonly downloadOrigin: string;
  /** Program and first arguments of the installer; install folder, version and origin are appended. Default: ours. */
  readonly installer?: readonly string[];
  /** Milliseconds between two progress lines of a running job. */
  readonly heartbeat: number;
  /** Milliseconds between two looks at a lock that another run holds. */
  readonly lockPoll: number;
  /** Milliseconds without a sign of life after which a lock counts as left behind; at least 2000. */
  readonly lockStale: number;
}

export const defaultSettings: ToolchainSettings = {
  downloadOrigin: "https://get.pulumi.com",
  heartbeat: 10_000,
  lockPoll: 500,
  lockStale: 20_000,
};

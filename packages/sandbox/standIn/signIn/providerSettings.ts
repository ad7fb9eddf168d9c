import type { ConfigurationVariables } from "../server/plugin";

/** The variables a plugin process would see. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a plugin's settings: the provider's own configuration first, then environment variables in order. */
export class ProviderSettings {
  constructor(
    private readonly variables: ConfigurationVariables,
    private readonly environment: Environment,
  ) {}

  /** The setting as text, "" when nowhere given. */
  text(key: string, ...environmentNames: readonly string[]): string {
    const configured = this.variables.get(key);
    if (configured !== undefined && configured !== "") return configured;
    for (const name of environmentNames) {
      const value = this.environment[name];
      if (value !== undefined && value !== "") return value;
    }
    return "";
  }

  /** The setting as a switch, off when nowhere given. Go's spellings of true are understood. */
  flag(key: string, ...environmentNames: readonly string[]): boolean {
    return ["1", "t", "T", "true", "TRUE", "True"].includes(this.text(key, ...environmentNames));
  }
}

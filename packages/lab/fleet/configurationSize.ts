/**
 * The longest configuration that a program can be started with, in bytes. Pulumi hands it over in one environment variable, and
 * Linux takes no longer one (MAX_ARG_STRLEN, 32 pages of 4 KiB); the start then fails with "argument list too long". Source:
 * https://github.com/pulumi/pulumi/issues/8680
 */
export const longestConfiguration = 131_072;

/** How many bytes of that a stack's configuration takes: each value is JSON within JSON. */
export function configurationSize(project: string, config: Readonly<Record<string, unknown>>): number {
  const values = Object.entries(config).map(([key, value]) => [
    `${project}:config:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Buffer.byteLength(`PULUMI_CONFIG=${JSON.stringify(Object.fromEntries(values))}`) + 1;
}

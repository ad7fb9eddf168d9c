import { similarTo, unknownKeyMessage, type Problem } from "../problem";

/**
 * The key as Pulumi reads it, `<namespace>:<name>`. The project's name may be left out before its own keys, and an older form
 * has `config` between the two.
 */
function canonicalKey(written: string, project: string): string {
  const parts = written.split(":");
  const [namespace, name] = parts.length === 1 ? [project, written] : [parts[0], parts.at(-1)];
  return `${namespace ?? ""}:${name ?? ""}`;
}

/** The name of a key of the project's own, which people may write without the project's name. */
function withoutProject(key: string, project: string): string {
  return key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;
}

/**
 * Keys that one file writes more than once, in different spellings. Pulumi uses one of them, either one, and drops the others
 * before the program is run: what only the dropped one declares would be deleted.
 *
 * @param keys the keys as they are written.
 * @param file where, for the message.
 */
export function repeatedKeyProblems(keys: readonly string[], project: string, file: string): Problem[] {
  const spellings = new Map<string, string[]>();
  for (const written of keys) {
    const key = canonicalKey(written, project);
    spellings.set(key, [...(spellings.get(key) ?? []), written]);
  }
  return [...spellings].flatMap(([key, written]) =>
    written.length === 1
      ? []
      : [
          {
            path: [withoutProject(key, project)],
            message: `stands in ${file} as ${written.join(" and as ")}, which are the same key; Pulumi uses one and ignores the other, along with whatever only that one declares. Merge them into ${key}`,
          },
        ],
  );
}

/**
 * Keys that nothing reads: those of the project that it does not know, and those under a name that the project does not have any
 * more, or that is a misspelt one.
 *
 * @param keys the whole configuration's keys, as `<namespace>:<name>`.
 * @param known the names of the project's own keys.
 */
export function unknownKeyProblems(
  keys: readonly string[],
  project: string,
  known: readonly string[],
): Problem[] {
  const split = keys.map((key) => {
    const [namespace = "", ...rest] = canonicalKey(key, project).split(":");
    return { namespace, name: rest.join(":") };
  });
  const formerProjects = new Set(
    split.flatMap(({ namespace, name }) => (namespace !== project && name === "clients" ? [namespace] : [])),
  );
  return split.flatMap(({ namespace, name }): Problem[] => {
    if (namespace === project) {
      return known.includes(name) ? [] : [{ path: [name], message: unknownKeyMessage(name, known) }];
    }
    const isMeant = formerProjects.has(namespace)
      ? known.includes(name)
      : similarTo(namespace, [project]) !== undefined;
    return isMeant
      ? [
          {
            path: [`${namespace}:${name}`],
            message: `belongs to a project named ${namespace}, but this one is ${project}; write ${project}:${name}`,
          },
        ]
      : [];
  });
}

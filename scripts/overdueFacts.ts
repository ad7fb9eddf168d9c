import type { OutsideFact } from "dicom-service-client/model";

/** Years after which what is documented about a call's permissions is to be read again. */
const yearsOfAPermission = 1;

/** What is documented about the permissions of a call, as far as it is about its age. */
interface DatedPermission {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly readOn: string;
  readonly sources: readonly string[];
}

/** A line for each fact that is to be looked at again, and one at the end that counts them. */
export function overdueLines(
  facts: Readonly<Record<string, OutsideFact>>,
  permissions: readonly DatedPermission[],
  today: string,
): readonly string[] {
  const rows = [
    ...Object.entries(facts).map(([name, { what, value, source, lookAgainOn }]) => ({
      name: `${name} (${what}): ${value}`,
      source,
      lookAgainOn,
    })),
    ...permissions.map(({ api, method, path, readOn, sources }) => ({
      name: `permissions of ${method} ${path} (${api})`,
      source: sources[0] ?? "no source yet",
      lookAgainOn: `${Number(readOn.slice(0, 4)) + yearsOfAPermission}${readOn.slice(4)}`,
    })),
  ];
  const overdue = rows.filter(({ lookAgainOn }) => lookAgainOn <= today);
  return [
    ...overdue.map(({ name, source, lookAgainOn }) => `${lookAgainOn}  ${name}\n            ${source}\n`),
    `${overdue.length} of ${rows.length} facts are to be looked at again.\n`,
  ];
}

import { isMapping } from "dicom-service-client/model";
import type { Document } from "yaml";

/**
 * The key under which a stack file has the project's clients, be it by a merge key. Pulumi takes it with the project's name before it,
 * in two forms, and without; clients of another namespace are another program's.
 *
 * @returns undefined when the file has none, or cannot be read.
 */
export function clientsKey(file: Document, project: string): string | undefined {
  const forms = [`${project}:clients`, `${project}:config:clients`, "clients"];
  return Object.keys(configOf(file)).find((key) => forms.includes(key));
}

function configOf(file: Document): object {
  try {
    const content: unknown = file.toJS();
    const config = isMapping(content) ? content["config"] : undefined;
    return isMapping(config) ? config : {};
  } catch {
    return {};
  }
}

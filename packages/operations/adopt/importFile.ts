import { z } from "zod";
import { jsonText } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { AdoptedId } from "./adoptedIds";
import { knownForm } from "../project/knownForm";

const resource = z.looseObject({
  type: z.string(),
  name: z.string(),
  id: z.string().exactOptional(),
  parent: z.string().exactOptional(),
  component: z.boolean().exactOptional(),
});

const importFile = z.looseObject({
  nameTable: z.record(z.string(), z.string()).exactOptional(),
  resources: z.array(resource),
});

/** What `pulumi import --file` reads. Source: https://www.pulumi.com/docs/iac/adopting-pulumi/import/ */
export type ImportFile = z.infer<typeof importFile>;

/**
 * Reads what `pulumi preview --import-file` has written.
 *
 * @throws OperationError when it is in a form that is not known
 */
export function readImportFile(text: string): ImportFile {
  return knownForm("The import file of this Pulumi CLI", importFile, JSON.parse(text));
}

/**
 * Fills the ids of live objects into an import file. Resources that have none are left out: they are created later.
 *
 * @throws OperationError when an id belongs to no resource: the program then does not declare what it should
 */
export function withIds(generated: ImportFile, ids: readonly AdoptedId[]): ImportFile {
  const isOf =
    (entry: { readonly type: string; readonly name: string }) =>
    ({ type, name }: AdoptedId): boolean =>
      type === entry.type && name === entry.name;
  const unused = ids.filter((one) => !generated.resources.some((entry) => isOf(entry)(one)));
  if (unused.length > 0) {
    throw new OperationError("The program does not declare what would be adopted.", {
      cause: `Missing: ${unused.map(({ type, name }) => `${name} (${type})`).join(", ")}.`,
      cure: "Use the same version of the program and of dicom-ops.",
    });
  }
  return {
    ...generated,
    resources: generated.resources.flatMap((entry) => {
      if (entry.component === true) return [entry];
      const id = ids.find(isOf(entry))?.id;
      return id === undefined ? [] : [{ ...entry, id }];
    }),
  };
}

/** Writes an import file as a text. */
export function importFileText(file: ImportFile): string {
  return `${jsonText(file)}\n`;
}

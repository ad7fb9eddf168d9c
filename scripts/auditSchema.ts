import { join } from "node:path";
import { z } from "zod";
import { auditReportSchema } from "dicom-ops";
import type { GeneratedFile } from "./generatedFile";

/** The JSON Schema of the audit's JSON, for those who read it by machine. */
export const auditSchema: GeneratedFile = {
  path: join(__dirname, "..", "packages", "operations", "audit", "audit.schema.json"),
  make: () => JSON.stringify(auditJsonSchema(), undefined, 2),
};

function auditJsonSchema(): object {
  return {
    ...z.toJSONSchema(auditReportSchema),
    title: "Audit of a stack of DICOM service clients",
  };
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { auditReportSchema } from "./auditReport";

/** The committed JSON Schema of the audit's JSON, for those who read it by machine. */
export const auditSchemaFile = join(__dirname, "audit.schema.json");

/** The JSON Schema as it follows from the form of the report. */
export function auditJsonSchema(): object {
  return {
    ...z.toJSONSchema(auditReportSchema),
    title: "Audit of a stack of DICOM service clients",
  };
}

if (require.main === module) {
  writeFileSync(auditSchemaFile, `${JSON.stringify(auditJsonSchema(), undefined, 2)}\n`);
}

import { auditSchema } from "./auditSchema";
import { clientTypes } from "./clientTypes";
import { componentSchema } from "./componentSchema";
import { configSchema } from "./configSchema";
import { configurationGuide } from "./configurationGuide";
import { factsGuide } from "./factsGuide";
import { writeFiles } from "./generatedFile";
import { rightsGuide } from "./rightsGuide";

// npm run schema: the schemas that others read, and the references of the configuration's keys and of rights.
void writeFiles([
  configSchema,
  configurationGuide,
  clientTypes,
  componentSchema,
  auditSchema,
  rightsGuide,
  factsGuide,
]);

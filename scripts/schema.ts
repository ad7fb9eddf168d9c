import { auditSchema } from "./auditSchema";
import { componentSchema } from "./componentSchema";
import { configSchema } from "./configSchema";
import { configurationGuide } from "./configurationGuide";
import { writeFiles } from "./generatedFile";

// npm run schema: the schemas that others read, and the reference of the configuration's keys.
void writeFiles([configSchema, configurationGuide, componentSchema, auditSchema]);

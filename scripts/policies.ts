import { writeFiles } from "./generatedFile";
import { policyGuide } from "./policyGuide";

// npm run policies: the list of policies in their guide.
void writeFiles([policyGuide]);

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { stringify } from "yaml";
import { parseCalendarDay } from "dicom-service-client/model";
import { OperationError, readSuppressions } from "dicom-ops";
import { type FuzzTarget, openTarget, refusedWith } from "../fuzzTarget";
import { mutatedText } from "../mutatedBytes";
import { mutatedValue } from "../mutatedValue";
import { yamlTraps } from "../yamlTraps";
import { temporaryFolder } from "./temporaryFolder";

const valid = {
  suppressions: [
    {
      rule: "secret-undeclared",
      client: "imaging-gateway",
      object: "4ad2f3b6-1f4d-4a8e-9b0c-5a7f0a3c2b11",
      severity: "critical",
      content: "5d41402abc4b2a76b9719d911017c592",
      reason: "in use until the takeover",
      owner: "pacs-team",
      expires: "2027-03-31",
    },
  ],
};

/** The file of accepted findings. */
export const suppressionTarget: FuzzTarget = {
  name: "suppressions",
  share: 10,
  open: async () => {
    const folder = await temporaryFolder();
    const file = join(folder.path, "suppressions.yaml");
    return openTarget(
      fc.oneof(
        mutatedText(stringify(valid), yamlTraps),
        mutatedValue(valid).map((value) => stringify(value)),
      ),
      async (text) => {
        await writeFile(file, text);
        try {
          await readSuppressions(folder.path, "fuzz", file, parseCalendarDay("2026-12-01") ?? 0);
          return "accepted";
        } catch (error) {
          const reaction = refusedWith(error, OperationError);
          const { cause = "" } = error instanceof OperationError ? error.explanation : {};
          if (cause === "") throw new Error("it was refused without a reason", { cause: error });
          return reaction;
        }
      },
      folder.remove,
    );
  },
};

import { z } from "zod";
import { resourcePolicy } from "../pack/resourcePolicy";
import { definesAzureRole } from "../pack/resourceTypes";

const permissions = z.array(
  z.looseObject({ actions: z.array(z.string()).nullish(), dataActions: z.array(z.string()).nullish() }),
);

/** A custom role of a stack lets a client store in a DICOM service, and nothing else. */
export const customRole = resourcePolicy(
  {
    name: "custom-role",
    displayName: "Narrow custom roles",
    description: "Custom Azure roles of a stack give the allowed data actions and nothing else.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Give the client the role reader, owner or uploader, or have the data action added to allowedDataActions.",
    url: "https://learn.microsoft.com/azure/role-based-access-control/permissions/integration",
    tags: ["azure roles"],
    config: {
      allowedDataActions: z
        .array(z.string().regex(/^[A-Za-z.]+(\/[A-Za-z]+)+$/))
        .default(["Microsoft.HealthcareApis/workspaces/dicomservices/resources/write"])
        .describe("Data actions that a custom role may give. By default storing in a DICOM service."),
    },
  },
  definesAzureRole,
  ({ properties }, { allowedDataActions }, report) => {
    const read = permissions.safeParse(properties["permissions"] ?? []);
    if (!read.success) {
      report("Its permissions have a form that cannot be judged; write a list of actions and dataActions.");
      return;
    }
    const allowed = allowedDataActions.map((action) => action.toLowerCase());
    const given = read.data.flatMap(({ actions, dataActions }) => [
      ...(actions ?? []),
      ...(dataActions ?? []).filter((action) => !allowed.includes(action.toLowerCase())),
    ]);
    if (given.length > 0) {
      report(`It gives ${given.join(", ")}, which is not an allowed data action; leave it out.`);
    }
  },
);

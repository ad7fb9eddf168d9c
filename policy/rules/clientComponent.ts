import { z } from "zod";
import { resourcePolicy } from "../pack/resourcePolicy";
import { isAzureadResource } from "../pack/resourceTypes";
import { parseUrn } from "../pack/urn";

/** Whatever is declared in Entra is declared by the component, which is what was reviewed. */
export const clientComponent = resourcePolicy(
  {
    name: "client-component",
    displayName: "Declared by the component",
    description: "Every Entra object is declared by a DicomServiceClient component.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Declare the client as an entry of dicom-service-client:clients, or with new DicomServiceClient, in place of single azuread resources.",
    url: "https://www.pulumi.com/docs/iac/concepts/components/",
    tags: ["structure"],
    config: {
      components: z
        .array(z.string().min(1))
        .min(1)
        .default(["dicom-service-client:index:DicomServiceClient"])
        .describe("Type tokens of the components that may declare azuread resources."),
    },
  },
  isAzureadResource,
  ({ urn }, { components }, report) => {
    if (!parseUrn(urn).ancestorTypes.some((type) => components.includes(type))) {
      report(`It is declared outside of ${components.join(" and ")}; let that component declare it.`);
    }
  },
);

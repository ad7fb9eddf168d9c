import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { judgeEach, saidBy } from "../pack/properties";
import { type JudgedResource, resourcePolicy } from "../pack/resourcePolicy";
import { isEntraResource } from "../pack/resourceTypes";
import { parseUrn } from "../pack/urn";
import { componentChildren, dicomServiceClient } from "./componentChildren";

/**
 * Whatever is declared in Entra is declared by the component, which is what was reviewed. A program can give any resource a
 * client as parent, and any component the component's type, so a child is held against what the component declares: by its
 * type, its name and the names of its properties; what these hold is what the other policies judge.
 */
export const clientComponent = resourcePolicy(
  {
    name: "client-component",
    displayName: "Declared by the component",
    description:
      "Every Entra object is declared by a DicomServiceClient component, with the properties that it sets, and a client has no other children.",
    severity: "high",
    enforcementLevel: "mandatory",
    remediationSteps:
      "Declare the client as an entry of dicom-service-client:clients, or with new DicomServiceClient, instead of individual resources, and do not make a client their parent.",
    url: "https://www.pulumi.com/docs/iac/concepts/components/",
    tags: ["structure"],
    config: {
      components: z
        .array(z.string().min(1))
        .min(1)
        .default([dicomServiceClient])
        .describe(
          "Type tokens of the components that may declare azuread resources. What components other than DicomServiceClient declare is not checked further.",
        ),
      adjustedProperties: z
        .array(z.string().min(1))
        .default([])
        .describe(
          "Names of properties that a transform may set beyond those that the component sets, such as tags. By default none.",
        ),
    },
  },
  () => true,
  (resource, { components, adjustedProperties }, report) => {
    const { ancestorTypes } = parseUrn(resource.urn);
    if (ancestorTypes.includes(dicomServiceClient) && components.includes(dicomServiceClient)) {
      judgeChild(resource, adjustedProperties, report);
    } else if (isEntraResource(resource.type) && !ancestorTypes.some((type) => components.includes(type))) {
      report(`It is declared outside ${components.join(" and ")}; declare it through that component.`);
    }
  },
);

/**
 * Holds a resource below a client against what the component declares.
 *
 * @throws UnknownValueError after the last property, when a preview does not know one yet that decides.
 */
function judgeChild(
  { type, name, urn, properties, options }: JudgedResource,
  adjusted: readonly string[],
  report: (violation: string) => void,
): void {
  const form = componentChildren[type];
  const client = parseUrn(options.parent ?? "").name;
  if (
    !form ||
    parseUrn(urn).ancestorTypes.at(-1) !== dicomServiceClient ||
    !name.startsWith(`${client}-`) ||
    !form.suffix.test(name.slice(client.length + 1))
  ) {
    report(
      "It is declared below a client, but not by DicomServiceClient, which has no such child; give it another parent, or none.",
    );
    return;
  }
  const known = form.properties && [...form.properties, ...adjusted];
  judgeEach(
    Object.keys(properties).filter((key) => known?.includes(key) === false && !key.startsWith("__")),
    (key) => {
      const said = saidBy(properties[key]);
      const settled = form.settled?.get(key);
      if (said !== undefined && !isDeepStrictEqual(said, settled)) {
        report(
          settled === undefined
            ? `Its ${key} is set, which DicomServiceClient never does; remove it.`
            : `Its ${key} is not set the way DicomServiceClient sets it; remove it.`,
        );
      }
    },
  );
}

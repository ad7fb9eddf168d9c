import { block, booleanType, listOf, optional, optionalComputed } from "../bridge/propertySchema";
import { textsIn } from "../http/jsonBody";
import type { PropertyMap } from "../server/propertyValue";

/** Features that are kept as well-known tags. */
export const featureTags = optionalComputed(
  listOf(
    block({
      customSingleSignOn: optional(booleanType),
      enterprise: optional(booleanType),
      gallery: optional(booleanType),
      hide: optional(booleanType),
    }),
  ),
  { notCovered: true },
);

// The tags behind the features (Microsoft Graph reference, servicePrincipal: tags; names as the portal writes them).
const customSingleSignOn = "WindowsAzureActiveDirectoryCustomSingleSignOnApplication";
const enterprise = "WindowsAzureActiveDirectoryIntegratedApp";
const gallery = "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1";
const hide = "HideApp";

function hasTag(tags: unknown, wanted: string): boolean {
  return textsIn(tags).some((tag) => tag.toLowerCase() === wanted.toLowerCase());
}

/** The features that the tags stand for, as the block `featureTags`. */
export function featuresOf(tags: unknown): PropertyMap[] {
  return [
    {
      customSingleSignOn: hasTag(tags, customSingleSignOn),
      enterprise: hasTag(tags, enterprise),
      gallery: hasTag(tags, gallery),
      hide: hasTag(tags, hide),
    },
  ];
}

/** The same in the older block `features` of service principals. */
export function olderFeaturesOf(tags: unknown): PropertyMap[] {
  return [
    {
      customSingleSignOnApp: hasTag(tags, customSingleSignOn),
      enterpriseApplication: hasTag(tags, enterprise),
      galleryApplication: hasTag(tags, gallery),
      visibleToUsers: !hasTag(tags, hide),
    },
  ];
}

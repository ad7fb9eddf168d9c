import { textsIn } from "../http/jsonBody";
import { isPropertyList, isPropertyMap, type PropertyMap, type PropertyValue } from "../server/propertyValue";

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

/** The tags that a block of features, of either form, asks for; undefined when there is no block. */
export function tagsFor(features: PropertyValue | undefined): string[] | undefined {
  const block = isPropertyList(features) ? features[0] : undefined;
  if (!isPropertyMap(block)) return undefined;
  const wanted: [string, boolean][] = [
    [customSingleSignOn, block["customSingleSignOn"] === true || block["customSingleSignOnApp"] === true],
    [enterprise, block["enterprise"] === true || block["enterpriseApplication"] === true],
    [gallery, block["gallery"] === true || block["galleryApplication"] === true],
    [hide, block["hide"] === true || block["visibleToUsers"] === false],
  ];
  return wanted.filter(([, isWanted]) => isWanted).map(([tag]) => tag);
}

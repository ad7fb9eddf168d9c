import { parseDicomScope } from "../../components/azureResourceId";
import { dicomServiceUrl } from "../../components/dicomApi";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";

/** A DICOM service that a client is to reach. */
export interface DicomTarget {
  readonly resourceId: string;
  /** Address without a trailing slash. */
  readonly url: string;
}

/**
 * The DICOM services that a client has been given access to, each once: those that the configuration names, and for a workspace
 * those that it holds now.
 */
export async function dicomTargets(
  { config }: DeclaredClient,
  { api }: StackDeclaration,
  cloud: CloudClient,
): Promise<readonly DicomTarget[]> {
  const scopes = (config?.access ?? []).flatMap(({ dicomService, workspace }) => {
    const scope = parseDicomScope(dicomService ?? workspace ?? "");
    return scope ? [scope] : [];
  });
  const found = await Promise.all(
    scopes.map(async ({ id, workspace, dicomService }): Promise<DicomTarget[]> => {
      if (dicomService !== undefined) {
        return [{ resourceId: id, url: dicomServiceUrl(api, workspace, dicomService) }];
      }
      const services = (await cloud.readAll(calls.dicomServicesOfWorkspace, {
        workspaceId: id,
      })) as readonly { readonly id: string }[];
      return services.flatMap((service) => {
        const name = parseDicomScope(service.id)?.dicomService;
        return name === undefined
          ? []
          : [{ resourceId: service.id, url: dicomServiceUrl(api, workspace, name) }];
      });
    }),
  );
  const byUrl = new Map(found.flat().map((target) => [target.url, target] as const));
  return [...byUrl.values()].sort((one, other) => one.url.localeCompare(other.url));
}

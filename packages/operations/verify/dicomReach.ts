import { dicomServiceUrl, parseDicomScope } from "dicom-service-client/model";
import { calls } from "../cloud/calls";
import type { CloudClient } from "../cloud/cloudClient";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { readingProblem } from "./readingProblem";
import type { StageResult } from "./verification";

/** A DICOM service that a client is to reach. */
export interface DicomTarget {
  readonly resourceId: string;
  /** Address without a trailing slash. */
  readonly url: string;
}

/** What a client is to reach. */
export interface DicomReach {
  /** Each once, sorted by address. */
  readonly targets: readonly DicomTarget[];
  /** A failed stage for every workspace whose services could not be listed. */
  readonly unlisted: readonly StageResult[];
}

/**
 * The DICOM services that a client has been given access to: those that the configuration names, and for a workspace those that it
 * holds now.
 *
 * @throws OperationError when the operator cannot be signed in
 */
export async function dicomReach(
  { config }: DeclaredClient,
  { api }: StackDeclaration,
  cloud: CloudClient,
): Promise<DicomReach> {
  const scopes = (config?.access ?? []).flatMap(({ dicomService, workspace }) => {
    const scope = parseDicomScope(dicomService ?? workspace ?? "");
    return scope ? [scope] : [];
  });
  const found = await Promise.all(
    scopes.map(async ({ id, dicomService }) =>
      dicomService === undefined ? servicesOfWorkspace(id, cloud) : { ids: [id], unlisted: [] },
    ),
  );
  const targets = found
    .flatMap(({ ids }) => ids)
    .flatMap((id): DicomTarget[] => {
      const { workspace, dicomService } = parseDicomScope(id) ?? {};
      return workspace === undefined || dicomService === undefined
        ? []
        : [{ resourceId: id, url: dicomServiceUrl(api, workspace, dicomService) }];
    });
  const byUrl = new Map(targets.map((target) => [target.url, target] as const));
  return {
    targets: [...byUrl.values()].sort((one, other) => one.url.localeCompare(other.url)),
    unlisted: found.flatMap(({ unlisted }) => unlisted),
  };
}

async function servicesOfWorkspace(
  workspaceId: string,
  cloud: CloudClient,
): Promise<{ readonly ids: readonly string[]; readonly unlisted: readonly StageResult[] }> {
  try {
    const services = (await cloud.readAll(calls.dicomServicesOfWorkspace, {
      workspaceId,
    })) as readonly { readonly id: string }[];
    return { ids: services.map(({ id }) => id), unlisted: [] };
  } catch (error) {
    const what = `The DICOM services of ${workspaceId} cannot be listed`;
    const problem = readingProblem("search", error, what, {
      denied: (right) => `You need ${right}.`,
      otherwise: "Check that the workspace exists, and try again.",
    });
    return { ids: [], unlisted: [problem] };
  }
}

import { type Access, dicomServiceUrl, parseDicomScope } from "dicom-service-client/model";
import { z } from "zod";
import { calls } from "../cloud/calls";
import { describeNeed } from "../cloud/call";
import type { CloudClient } from "../cloud/cloudClient";
import { RefusedCall } from "../cloud/refusedCall";
import { TransportFailure } from "../cloud/transportFailure";
import { declaredAccess } from "../project/configuredAccess";
import type { DeclaredClient, StackDeclaration } from "../project/declaration";
import { readingProblem } from "./readingProblem";
import { failed, passed, skipped, type StageResult } from "./verification";

/** The partition in which a service with data partitions has what is stored nowhere else. Source: {@link partitionsPage} */
const defaultPartition = "Microsoft.Default";
const partitionsPage = "https://learn.microsoft.com/azure/healthcare-apis/dicom/data-partitions";

/** A role that a configuration gives: by its GUID, and whether it is the custom one that comes with the client. */
export type DeclaredRole = Pick<Access, "roleId" | "isUploader">;

/** A DICOM service that a client is to reach. */
export interface DicomTarget {
  readonly resourceId: string;
  /** Address without a trailing slash. */
  readonly url: string;
  /** The data partition whose instances are asked for; absent where the service has none, as far as is known. */
  readonly partition?: string;
  /** Whether the service takes calls from public networks; undefined when that could not be read. */
  readonly isPublic?: boolean;
  /** The roles that the configuration gives the client here. */
  readonly roles: readonly DeclaredRole[];
  /** What Azure Resource Manager says of the service. */
  readonly service: StageResult;
}

/** What a client is to reach. */
export interface DicomReach {
  /** Each once, sorted by address. */
  readonly targets: readonly DicomTarget[];
  /** A failed stage for every workspace whose services could not be listed. */
  readonly unlisted: readonly StageResult[];
  /** Resource ids of the workspaces that hold no service now. */
  readonly empty: readonly string[];
}

const dicomService = z.object({
  id: z.string(),
  properties: z
    .object({ enableDataPartitions: z.boolean().nullish(), publicNetworkAccess: z.string().nullish() })
    .nullish(),
});
type DicomService = z.output<typeof dicomService>;

/** A service that the configuration names, with what was read about it. */
interface Found {
  readonly id: string;
  readonly access: Access;
  /** The service, or why nothing is known about it. */
  readonly known: DicomService | StageResult;
}

/** The services that one access is for. */
interface FoundServices {
  /** Resource id of the service or workspace that it names. */
  readonly id: string;
  readonly services: readonly Found[];
  readonly unlisted: readonly StageResult[];
}

/**
 * The DICOM services that a client has been given access to: those that the configuration names, and for a workspace those that it
 * holds now.
 *
 * @throws OperationError when the operator cannot be signed in
 */
export async function dicomReach(
  client: DeclaredClient,
  { api }: StackDeclaration,
  cloud: CloudClient,
): Promise<DicomReach> {
  const read = await Promise.all(
    declaredAccess(client).map((access) =>
      access.scope.dicomService === undefined
        ? servicesOfWorkspace(access, cloud)
        : namedService(access, cloud),
    ),
  );
  const byService = new Map<string, Found[]>();
  for (const found of read.flatMap(({ services }) => services)) {
    const key = found.id.toLowerCase();
    byService.set(key, [...(byService.get(key) ?? []), found]);
  }
  const targets = [...byService.values()].flatMap((found): DicomTarget[] => {
    const [first] = found;
    const { workspace, dicomService: name } = parseDicomScope(first?.id ?? "") ?? {};
    if (first === undefined || workspace === undefined || name === undefined) return [];
    const url = dicomServiceUrl(api, workspace, name);
    return [
      target(
        first,
        url,
        found.map(({ access }) => access),
      ),
    ];
  });
  return {
    targets: targets.sort((one, other) => one.url.localeCompare(other.url)),
    unlisted: read.flatMap(({ unlisted }) => unlisted),
    empty: read.flatMap(({ id, services, unlisted }) =>
      services.length + unlisted.length === 0 ? [id] : [],
    ),
  };
}

function target({ id, access, known }: Found, url: string, roles: readonly DeclaredRole[]): DicomTarget {
  const declared = access.partition;
  const named = declared === undefined ? {} : { partition: declared };
  if ("stage" in known) return { resourceId: id, url, roles, service: { ...known, service: url }, ...named };
  const { enableDataPartitions, publicNetworkAccess } = known.properties ?? {};
  const isPublic = publicNetworkAccess !== "Disabled";
  const networks = isPublic ? "" : " It accepts calls from private networks only.";
  const described = { resourceId: id, url, roles, isPublic };
  if (enableDataPartitions !== true) {
    return {
      ...described,
      service:
        declared === undefined
          ? passed("service", `The service is there, without data partitions.${networks}`, url)
          : failed(
              "service",
              "no-partitions",
              `The service has no data partitions, and the configuration names ${declared}.${networks}`,
              `Leave out partition under access; a service has partitions from its creation or never (${partitionsPage}).`,
              url,
            ),
    };
  }
  const partition = declared ?? defaultPartition;
  return {
    ...described,
    partition,
    service: passed(
      "service",
      `The service is there, with data partitions; the client works in ${partition}.${networks}`,
      url,
    ),
  };
}

async function namedService(access: Access, cloud: CloudClient): Promise<FoundServices> {
  const { id } = access.scope;
  const known = await cloud
    .read(calls.dicomService, { dicomServiceId: id })
    .then((service) => dicomService.parse(service))
    .catch((error: unknown) => unread(id, error));
  return { id, services: [{ id, access, known }], unlisted: [] };
}

/** What it means that a service cannot be read: only that it is not there is the client's failure. */
function unread(id: string, error: unknown): StageResult {
  if (error instanceof RefusedCall && error.status === 404) {
    return failed(
      "service",
      "no-such-service",
      `There is no ${id}: ${error.message}`,
      "Check under access that the names of workspace and service are right, and that the service has not been deleted.",
    );
  }
  if (!(error instanceof RefusedCall) && !(error instanceof TransportFailure)) throw error;
  const missing =
    error instanceof RefusedCall && error.isDenied ? `; you need ${describeNeed(error.call.needs)}` : "";
  return skipped(
    "service",
    `Whether the service has data partitions and accepts calls from public networks cannot be read (${error.message})${missing}`,
  );
}

async function servicesOfWorkspace(access: Access, cloud: CloudClient): Promise<FoundServices> {
  const { id: workspaceId } = access.scope;
  try {
    const services = z
      .array(dicomService)
      .parse(await cloud.readAll(calls.dicomServicesOfWorkspace, { workspaceId }));
    return {
      id: workspaceId,
      services: services.map((known) => ({ id: known.id, access, known })),
      unlisted: [],
    };
  } catch (error) {
    const what = `The DICOM services of ${workspaceId} cannot be listed`;
    const problem = readingProblem("search", error, what, {
      denied: (right) => `You need ${right}.`,
      otherwise: "Check that the workspace exists, and try again.",
    });
    return { id: workspaceId, services: [], unlisted: [problem] };
  }
}

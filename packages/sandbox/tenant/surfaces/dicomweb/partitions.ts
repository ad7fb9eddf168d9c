import type { Answer, Input } from "../../core/request";
import { changesOf, defaultPartition, type DicomPlace, partitionsOf } from "../../domain/dicomStudies";
import type { Directory } from "../../state/directory";
import type { ResourceRecord } from "../../state/records";
import { badRequest } from "./badRequest";
import { dicomServiceOf } from "./dicomAuthorization";

/** Names of partitions. Source: learn.microsoft.com/azure/healthcare-apis/dicom/data-partitions */
const nameForm = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The partition that a path names, or the service itself, where it has no partitions.
 * @param makes whether a partition that is not there yet is made, as storing does
 * @throws Refusal in the words of learn.microsoft.com/azure/healthcare-apis/dicom/data-partitions, "New responses"
 */
export function dicomPlaceOf(directory: Directory, input: Input, makes: boolean): DicomPlace {
  const service = dicomServiceOf(directory, input);
  const { partition } = input.params;
  if (!hasPartitions(service)) {
    if (partition !== undefined) throw badRequest("Data partitions feature is disabled.");
    return { serviceId: service.id, partition: undefined };
  }
  if (partition === undefined) throw badRequest("PartitionName value is missing in the route segment.");
  if (!nameForm.test(partition)) throw badRequest(`PartitionName value '${partition}' is invalid.`);
  if (!makes && !partitionsOf(directory, service.id).includes(partition)) {
    throw badRequest(`Specified PartitionName ${partition} does not exist.`);
  }
  return { serviceId: service.id, partition: partition === defaultPartition ? undefined : partition };
}

/** Answers with the partitions of a service. */
export function listPartitions(directory: Directory, input: Input): Answer {
  const service = dicomServiceOf(directory, input);
  if (!hasPartitions(service)) throw badRequest("Data partitions feature is disabled.");
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    json: partitionsOf(directory, service.id).map((partitionName, index) => ({
      PartitionKey: index + 1,
      PartitionName: partitionName,
      CreatedDate: changesOf(directory, service.id).find(({ partition }) => partition === partitionName)
        ?.timestamp,
    })),
  };
}

export function hasPartitions(service: ResourceRecord): boolean {
  return service.properties["enableDataPartitions"] === true;
}

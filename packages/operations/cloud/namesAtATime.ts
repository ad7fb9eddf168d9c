import { outsideFacts } from "dicom-service-client/model";

/** How many names are asked for with one `in` of a filter. */
export const namesAtATime = outsideFacts.valuesInAFilter.value;

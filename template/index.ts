export { program as default } from "dicom-service-client/stack";

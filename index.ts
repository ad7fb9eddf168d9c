// Pulumi calls what a CommonJS module exports as a whole. Node.js strips types only, and `export =` is more than a type.
export { program as "module.exports" } from "dicom-service-client/stack";

import { program } from "dicom-service-client/stack";

export = program;

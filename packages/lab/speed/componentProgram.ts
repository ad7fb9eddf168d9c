import { program } from "dicom-service-client/stack";

// What index.ts does, from the folder of the other programs: the language host looks through a program's folder at every command.
export = program;

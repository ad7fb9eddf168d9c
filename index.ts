import { program } from "./stack/program";

export = program;

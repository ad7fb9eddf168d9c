import "./stack/compileCache";
import { program } from "./stack/program";

export = program;

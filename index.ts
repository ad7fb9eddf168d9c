import "./components/stack/compileCache";
import { program } from "./components/stack/program";

export = program;

import "./compileCache";

export { program } from "./program";

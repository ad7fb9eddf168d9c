import { enableCompileCache } from "node:module";

// Node.js keeps what it has compiled for the next run. To count, this must be imported before everything else.
enableCompileCache();

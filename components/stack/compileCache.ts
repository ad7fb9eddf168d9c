import * as nodeModule from "node:module";

// Node.js (from 22 on) keeps what it has compiled for the next run. To count, this must be imported before everything else.
nodeModule.enableCompileCache?.();

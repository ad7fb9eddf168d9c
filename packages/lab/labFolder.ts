import { dirname } from "node:path";

/** The folder of this package: what is no program is read from there, also by what runs in `bin/`. */
export const labFolder = dirname(require.resolve("lab/package.json"));

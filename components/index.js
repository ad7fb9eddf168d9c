// What Pulumi starts when a program in another language uses this folder as a package. Its own loader would check the types of this
// package and of the whole Azure SDK at every start, which takes longer than all the rest; npm test checks them.
const process = require("node:process");
const { typeScriptRequireStrings } = require("@pulumi/pulumi/tsutils");

const { tsnodeRequire, typescriptRequire } = typeScriptRequireStrings();
// Pulumi's, which would compile everything once more
process[Symbol.for("ts-node.register.instance")]?.enabled(false);
require(tsnodeRequire).register({
  transpileOnly: true,
  skipProject: true,
  compiler: typescriptRequire,
  compilerOptions: { target: "es2022", module: "nodenext", moduleResolution: "nodenext" },
});

module.exports = require("./index.ts");

// What Pulumi loads. Its own loader would check the types of the pack and of Pulumi's SDK at every preview, which takes longer than all
// the policies; npm test checks them.
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

require("./index.ts");

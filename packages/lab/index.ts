// What the tests of other packages take from here.
export { PlainCli, type CliRun } from "./fixtures/plainCli";
export { TestSandbox, type CommandResult } from "./fixtures/testSandbox";
export { populateSandbox, type Population } from "./population/populateSandbox";
export { searchText } from "./secretHooks/foundSecrets";

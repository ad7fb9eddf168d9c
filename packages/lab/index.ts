// What tests take from here.
export { Administrator, type Identity, seed, seedResourceIds } from "./fixtures/administrator";
export { startBrowser } from "./fixtures/browser";
export { declareStack, DeployedSandbox, readerAccess, secretsIn, standIns } from "./fixtures/deployedSandbox";
export { assertInert, hostileStrings } from "./fixtures/hostileStrings";
export { openSession } from "./fixtures/openSession";
export { send, type TestAnswer, type TestRequest } from "./fixtures/httpsClient";
export { inlineProgram } from "./fixtures/inlineProgram";
export { type OperationRun, operationRun } from "./fixtures/operationRun";
export { type CliRun, PlainCli } from "./fixtures/plainCli";
export { makeCertificate, type TestCertificate } from "./fixtures/testCertificate";
export { type CommandResult, TestSandbox } from "./fixtures/testSandbox";
export { requestAccessToken, requestToken } from "./fixtures/tokenRequest";
export { project, projectName, projectRoot, sandboxApi } from "./fixtures/repository";
export { PackageRegistry } from "./fixtures/packageRegistry";

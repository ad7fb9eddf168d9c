import assert from "node:assert/strict";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");
const file = join(root, "tests", "program.ts");
const program = `
import { DicomServiceClient } from "dicom-service-client";
export { program } from "dicom-service-client/stack";
const client = new DicomServiceClient("gateway", {
  displayName: "Gateway",
  consent: "manged",
  credentials: "nothing",
  secret: { from: "2026-11-23", lifetimeDays: 90 },
});
export const clientId = client.clientId;
export const application = client.nodes.application?.displayName;
`;

describe("the types of the component, as an editor knows them", function () {
  this.timeout(60_000);
  let service: ts.LanguageService;

  before(() => {
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      skipLibCheck: true,
      types: [],
    };
    service = ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => [file],
      getScriptVersion: () => "1",
      getScriptSnapshot: (name) => {
        const text = name === file ? program : ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => root,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (name) => name === file || ts.sys.fileExists(name),
      readFile: (name) => (name === file ? program : ts.sys.readFile(name)),
      directoryExists: (name) => ts.sys.directoryExists(name),
      getDirectories: (name) => ts.sys.getDirectories(name),
    });
  });
  after(() => service.dispose());

  it("refuse a misspelt word of a closed set, and nothing else", () => {
    const found = service
      .getSemanticDiagnostics(file)
      .map(({ start = 0, length = 0 }) => program.slice(start, start + length));
    assert.deepEqual(found, ["consent", "credentials"]);
  });

  for (const [word, said] of [
    ["lifetimeDays", /How many days one secret lives; 2 to 730\. Default `180`\./],
    ["secret", /Schedule of the client secrets\. Default: the client gets no secret\./],
    ["consent", /Who gives the tenant-wide consent: .* Default `managed`\./],
    ["clientId;", /Application \(client\) id: what consumers sign in with\./],
    ["nodes", /The resources that the client is made of\./],
  ] as const) {
    it(`say what ${word.replace(";", "")} means when one points at it`, () => {
      const info = service.getQuickInfoAtPosition(file, program.lastIndexOf(word));
      assert.match(ts.displayPartsToString(info?.documentation).replace(/\s+/g, " "), said);
    });
  }

  it("come without zod and azure-native, whose types would slow every program down", () => {
    const files = service.getProgram()?.getSourceFiles() ?? [];
    assert.ok(files.some(({ fileName }) => /dicom-service-client\/bin\/clientArgs.d.ts$/.test(fileName)));
    assert.deepEqual(
      files
        .map(({ fileName }) => fileName)
        .filter((name) => /\/node_modules\/(zod|@pulumi\/azure-native)\//.test(name)),
      [],
    );
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { targets } from "../handover/targets";
import { HandoverWorkbench } from "./handoverWorkbench";

describe("What ops handover hands over to Python", function () {
  this.timeout(600_000);
  let bench: HandoverWorkbench;

  before(async () => {
    bench = await HandoverWorkbench.open();
  });
  after(() => bench?.close());

  it("searches and retrieves with azure-identity and dicomweb-client of PyPI", async () => {
    const venv = join(bench.folder, "node_modules", "venv");
    // The packages come from where this machine has them from, and are trusted as such.
    const { PATH, PIP_INDEX_URL, PIP_CERT, PIP_FIND_LINKS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE } = process.env;
    const machine = { PATH, PIP_INDEX_URL, PIP_CERT, PIP_FIND_LINKS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE };
    await bench.run("python3", ["-m", "venv", venv], machine);
    const python = join(venv, "bin", "python");
    await bench.run(
      python,
      ["-m", "pip", "install", "--quiet", "azure-identity", "dicomweb-client"],
      machine,
    );
    for (const [credential, env] of [
      [bench.settings.credential, {}],
      [{ kind: "output", command: "pulumi" }, { AZURE_CLIENT_SECRET: bench.secret }],
    ] as const) {
      const module = await bench.write(`${credential.kind}.py`, targets.python.write(bench.with(credential)));
      assert.match(await bench.run(python, [module], env), /^study [0-9.]+: [1-9]\d* instances\n$/);
    }
  });
});

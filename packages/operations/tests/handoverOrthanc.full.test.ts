import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { builtInRoleIds, freePort } from "entra-sandbox";
import { seedResourceIds } from "lab";
import { targets } from "../handover/targets";
import { HandoverWorkbench } from "./handoverWorkbench";

/** Where Debian's packages orthanc and orthanc-dicomweb put them. */
const orthancProgram = "/usr/sbin/Orthanc";
const dicomwebPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

/** One white pixel, of which Orthanc makes an image. */
const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNiAAAABgADNjd8qAAAAABJRU5ErkJggg==";

/** Needs Debian's packages orthanc and orthanc-dicomweb, and is skipped elsewhere. */
describe("What ops handover hands over to Orthanc", function () {
  this.timeout(120_000);
  let bench: HandoverWorkbench;
  let orthanc: ChildProcess;
  let url: string;

  const ask = async (method: string, path: string, body?: unknown): Promise<string> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text;
  };
  const askService = (operation: string, body: unknown): Promise<string> =>
    ask("POST", `/dicom-web/servers/gateway/${operation}`, body);

  before(async function () {
    const isThere = await Promise.all([access(orthancProgram), access(dicomwebPlugin)]).then(
      () => true,
      () => false,
    );
    if (!isThere) return this.skip();
    bench = await HandoverWorkbench.open();
    const principalId = await bench.portal.servicePrincipalOf(bench.settings.clientId);
    await bench.portal.assignRole(seedResourceIds.dicomService, builtInRoleIds.dicomDataOwner, principalId);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const configuration = {
      StorageDirectory: `${bench.folder}/orthanc`,
      IndexDirectory: `${bench.folder}/orthanc`,
      HttpPort: port,
      DicomServerEnabled: false,
      HttpsCACertificates: bench.tenant.caFile,
      Plugins: [dicomwebPlugin],
      DicomWeb: { Enable: true },
    };
    const file = await bench.write("orthanc.json", JSON.stringify(configuration));
    orthanc = spawn(orthancProgram, [file], { stdio: "ignore" });
    const isUp = (): Promise<boolean> =>
      fetch(`${url}/system`).then(
        () => true,
        () => false,
      );
    while (!(await isUp())) {
      assert.equal(orthanc.exitCode, null, "Orthanc has ended");
      await sleep(100);
    }
  });
  after(async () => {
    if (orthanc?.kill()) await once(orthanc, "exit");
    await bench?.close();
  });

  it("stores, searches and retrieves through its DICOMweb plugin", async () => {
    const script = await bench.write("orthanc.sh", targets.orthanc.write(bench.settings));
    await bench.run("sh", [script], { ORTHANC_URL: url });
    const image = await ask("POST", "/tools/create-dicom", { Tags: { PatientID: "1" }, Content: pixel });
    const { ID: id } = JSON.parse(image) as { readonly ID: string };
    const tags = await ask("GET", `/instances/${id}/simplified-tags`);
    const { StudyInstanceUID: study } = JSON.parse(tags) as { readonly StudyInstanceUID: string };

    await askService("stow", { Resources: [id], Synchronous: true });
    const found = await askService("qido", { Uri: "/studies", Arguments: { StudyInstanceUID: study } });
    assert.ok(found.includes(study), found);
    await ask("DELETE", `/instances/${id}`);
    await askService("retrieve", { Resources: [{ Study: study }], Synchronous: true });
    assert.deepEqual(JSON.parse(await ask("GET", "/instances")), [id]);
  });
});

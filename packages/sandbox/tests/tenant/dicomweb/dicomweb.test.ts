import assert from "node:assert/strict";
import { builtInRoleIds } from "../../../tenant/domain/builtInRoles";
import { seedResourceIds } from "../../../tenant/seed";
import { resources, type TestApplication, TestTenant } from "../support/testTenant";
import type { TestAnswer } from "lab";
import { dicomFileBytes, multipart } from "./dicomFileBytes";

const studies = "/dicom/sandboxworkspace-imaging/v2/studies";
const attribute = {
  patientName: "00100010",
  studyUid: "0020000D",
  sopUid: "00080018",
  modality: "00080060",
} as const;

describe("DICOM service", () => {
  let tenant: TestTenant;
  let reader: TestApplication;
  let owner: TestApplication;

  before(async () => {
    tenant = await TestTenant.start();
    reader = await tenant.application("reader");
    owner = await tenant.application("owner");
    await tenant.assignRole(
      seedResourceIds.dicomService,
      builtInRoleIds.dicomDataReader,
      reader.servicePrincipalId,
    );
    await tenant.assignRole(
      seedResourceIds.workspace,
      builtInRoleIds.dicomDataOwner,
      owner.servicePrincipalId,
    );
  });
  after(() => tenant.stop());

  const tokenOf = (client: TestApplication, resource: string = resources.dicom): Promise<string> =>
    tenant.token(client.appId, client.secret, resource);
  const get = async (path: string, client = reader): Promise<TestAnswer> =>
    tenant.call("GET", path, { token: await tokenOf(client) });
  const store = async (
    client: TestApplication,
    path: string,
    ...files: readonly Buffer[]
  ): Promise<TestAnswer> => {
    const { bytes, contentType } = multipart(...files);
    return tenant.call("POST", path, {
      token: await tokenOf(client),
      bytes,
      headers: { "content-type": contentType },
    });
  };
  const file = (study: string, instance: string): Buffer =>
    dicomFileBytes({
      "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.7"],
      "00080018": ["UI", instance],
      "00080060": ["CS", "XA"],
      "00100010": ["PN", "Stored^Patient"],
      "00100020": ["LO", "STORED-1"],
      "0020000D": ["UI", study],
      "0020000E": ["UI", `${study}.1`],
    });

  describe("access", () => {
    it("401 with an empty body and 'Bearer' without a token [documented status C, form L]", async () => {
      const answer = (await tenant.call("GET", studies)).expect(401);
      assert.equal(answer.headers["www-authenticate"], "Bearer");
      assert.equal(answer.body, "");
    });

    it("401 with invalid_token for another audience, a forged token and one past its life [C status, L form]", async () => {
      const good = await tokenOf(reader);
      const forged = `${good.slice(0, -6)}AAAAAA`;
      for (const token of [await tokenOf(reader, resources.graph), forged]) {
        const answer = (await tenant.call("GET", studies, { token })).expect(401);
        assert.match(
          String(answer.headers["www-authenticate"]),
          /^Bearer error="invalid_token", error_description=".+"$/,
        );
      }
      tenant.clock.advance(7200);
      const late = (await tenant.call("GET", studies, { token: good })).expect(401);
      assert.match(String(late.headers["www-authenticate"]), /expired/);
    });

    it("403 'Authorization failed.' in plain text for a client without a role [C status, L form]", async () => {
      const stranger = await tenant.application("stranger");
      const answer = (await get(studies, stranger)).expect(403);
      assert.equal(answer.body, "Authorization failed.");
      assert.equal(answer.headers["content-type"], "text/plain; charset=utf-8");
      assert.match(
        tenant.running.requests().at(-1)?.reason ?? "",
        /lacks an Azure role with .*dicomservices\/resources\/read/,
      );
    });

    it("does not let a reader store", async () => {
      (await store(reader, studies, file("1.2.3", "1.2.3.1"))).expect(403);
    });

    it("remembers a decision for as long as it is told to, a refusal included", async () => {
      await tenant.running.control("PUT", "settings", { dicomRoleCacheSeconds: 300 });
      const late = await tenant.application("late");
      (await get(studies, late)).expect(403);
      await tenant.assignRole(
        seedResourceIds.dicomService,
        builtInRoleIds.dicomDataReader,
        late.servicePrincipalId,
      );
      (await get(studies, late)).expect(403);
      tenant.clock.advance(299);
      (await get(studies, late)).expect(403);
      tenant.clock.advance(1);
      (await get(studies, late)).expect(200);
      await tenant.running.control("PUT", "settings", { dicomRoleCacheSeconds: 0 });
    });
  });

  describe("searching (QIDO-RS)", () => {
    it("finds studies, series and instances", async () => {
      const found = (await get(studies)).expect(200);
      assert.equal(found.headers["content-type"], "application/dicom+json");
      assert.equal((found.json as readonly unknown[]).length, 3);
      assert.deepEqual(found.at(0, attribute.patientName, "Value", 0), { Alphabetic: "Synthetic^Anna" });
      const study = found.textAt(0, attribute.studyUid, "Value", 0);
      assert.equal(((await get(`${studies}/${study}/series`)).json as readonly unknown[]).length, 1);
      assert.equal(((await get(`${studies}/${study}/instances`)).json as readonly unknown[]).length, 2);
      assert.equal(
        ((await get(`${studies}/${study}/series/${study}.1/instances`)).json as readonly unknown[]).length,
        2,
      );
      assert.equal(((await get(studies.replace("studies", "series"))).json as readonly unknown[]).length, 3);
      assert.equal(
        ((await get(studies.replace("studies", "instances"))).json as readonly unknown[]).length,
        4,
      );
    });

    it("filters by keyword or tag, by a range of dates, and pages", async () => {
      const count = async (query: string): Promise<number> => {
        const answer = await get(`${studies}?${query}`);
        return answer.status === 204 ? 0 : (answer.expect(200).json as readonly unknown[]).length;
      };
      assert.equal(await count("PatientID=SYN-0002"), 1);
      assert.equal(await count("00100020=SYN-0002"), 1);
      assert.equal(await count("ModalitiesInStudy=CT"), 1);
      assert.equal(await count("StudyDate=20261105-"), 2);
      assert.equal(await count("StudyDate=20261101-20261110"), 2);
      assert.equal(await count("PatientName=nobody"), 0);
      assert.equal(await count("limit=2"), 2);
      assert.equal(await count("limit=2&offset=2"), 1);
    });

    it("400 naming a parameter that it does not know or that has no sense", async () => {
      assert.match((await get(`${studies}?colour=red`)).expect(400).body, /'colour'/);
      assert.match((await get(`${studies}?limit=0`)).expect(400).body, /'limit'/);
    });

    it("matches names fuzzily and includes fields when asked, as dicomweb-client does", async () => {
      const fuzzy = await get(`${studies}?PatientName=ann&fuzzymatching=true`);
      assert.equal((fuzzy.expect(200).json as readonly unknown[]).length, 1);
      (await get(`${studies}?PatientName=ann&fuzzymatching=false`)).expect(204);
      (await get(`${studies}?fuzzymatching=perhaps`)).expect(400);
      const asked = await get(`${studies}?includefield=Modality&includefield=00200013&limit=1&offset=1`);
      assert.deepEqual(asked.expect(200).at(0, attribute.modality), { vr: "CS", Value: ["MR"] });
      assert.deepEqual((await get(`${studies}?includefield=all`)).at(0, attribute.modality, "Value"), ["CT"]);
      assert.equal((await get(studies)).at(0, attribute.modality), undefined);
    });

    it("501 for what it does not have, 404 for another service", async () => {
      const study = `${studies}/1.2.826.0.1.3680043.10.1338.1`;
      const instance = "series/1.2.826.0.1.3680043.10.1338.1.1/instances/1.2.826.0.1.3680043.10.1338.1.1.1";
      const token = await tokenOf(reader);
      for (const [method, path] of [
        ["GET", `${study}/${instance}/frames/1`],
        ["GET", `${study}/${instance}/rendered`],
        ["GET", `${study}?colour=red`],
        ["GET", `${study}/bulkdata`],
        ["PUT", studies],
        ["DELETE", studies],
        ["POST", "/dicom/sandboxworkspace-imaging/v2/workitems"],
        ["GET", "/dicom/sandboxworkspace-imaging/v2/changefeed?startTime=2026-11-01T00:00:00Z"],
      ] as const) {
        assert.match(
          (await tenant.call(method, path, { token })).expect(501).body,
          /does not implement/,
          path,
        );
      }
      const jpeg = await tenant.call("GET", study, { token, headers: { accept: "image/jpeg" } });
      assert.match(jpeg.expect(501).body, /retrieving 'image\/jpeg'/);
      (await get("/dicom/elsewhere/v2/studies")).expect(404);
    });
  });

  describe("change feed, extended query tags and export", () => {
    const service = "/dicom/sandboxworkspace-imaging/v2";
    const post = async (client: TestApplication, path: string, json: unknown): Promise<TestAnswer> =>
      tenant.call("POST", `${service}/${path}`, { token: await tokenOf(client), json });

    it("tells of what was stored and deleted, to those who may read", async () => {
      (await store(owner, studies, file("1.2.9", "1.2.9.1"))).expect(200);
      const stored = (await get(`${service}/changefeed/latest`)).expect(200);
      assert.deepEqual(
        ["Action", "State", "StudyInstanceUid", "SopInstanceUid"].map((name) => stored.at(name)),
        ["create", "current", "1.2.9", "1.2.9.1"],
      );
      (await tenant.call("DELETE", `${studies}/1.2.9`, { token: await tokenOf(owner) })).expect(204);
      const all = (await get(`${service}/changefeed?offset=4`)).expect(200);
      const feed = (all.json as readonly Readonly<Record<string, unknown>>[]).slice(-2);
      assert.deepEqual(
        feed.map(({ SopInstanceUid, Action, State }) => [SopInstanceUid, Action, State]),
        [
          ["1.2.9.1", "create", "deleted"],
          ["1.2.9.1", "delete", "deleted"],
        ],
      );
    });

    it("keeps extended query tags and export for roles that have their actions", async () => {
      const nothing = { source: { type: "identifiers", settings: { values: [] } } };
      for (const [path, empty] of [
        ["extendedquerytags", []],
        ["export", nothing],
      ] as const) {
        (await post(reader, path, empty)).expect(403);
        assert.match((await post(owner, path, empty)).expect(400).body, /must be specified/);
      }
      assert.deepEqual((await get(`${service}/extendedquerytags`)).expect(200).json, []);
      (await post(owner, "extendedquerytags", [{ path: "00101002", level: "Study" }])).expect(501);
    });
  });

  describe("of which Azure Resource Manager says more", () => {
    const service = (name: string): string => `${seedResourceIds.workspace}/dicomservices/${name}`;
    const put = async (name: string, properties: object): Promise<TestAnswer> =>
      tenant.call("PUT", `${service(name)}?api-version=2024-03-31`, {
        token: await tenant.adminToken("arm"),
        json: { location: "eastus2", properties },
      });

    it("has data partitions where it was made with them, each by itself", async () => {
      (await put("parted", { enableDataPartitions: true })).expect(201);
      const base = "/dicom/sandboxworkspace-parted/v2";
      await tenant.assignRole(service("parted"), builtInRoleIds.dicomDataReader, reader.servicePrincipalId);
      const said = async (path: string): Promise<string> => (await get(`${base}/${path}`)).expect(400).body;
      assert.equal(await said("studies"), "PartitionName value is missing in the route segment.");
      assert.equal(await said("partitions/a/studies"), "Specified PartitionName a does not exist.");
      (await get(`${base}/partitions/Microsoft.Default/studies`)).expect(204);
      for (const partition of ["a", "b"]) {
        (await store(owner, `${base}/partitions/${partition}/studies`, file("1.3", "1.3.1"))).expect(200);
      }
      (
        await tenant.call("DELETE", `${base}/partitions/b/studies/1.3`, { token: await tokenOf(owner) })
      ).expect(204);
      (await get(`${base}/partitions/a/studies/1.3`)).expect(200);
      (await get(`${base}/partitions/b/studies`)).expect(204);
      assert.deepEqual(
        ((await get(`${base}/partitions`)).json as readonly { PartitionName: string }[]).map(
          ({ PartitionName }) => PartitionName,
        ),
        ["Microsoft.Default", "a", "b"],
      );
      assert.equal((await get(`${base}/changefeed/latest`)).at("PartitionName"), "b");
      assert.equal(
        (await get("/dicom/sandboxworkspace-imaging/v2/partitions/a/studies")).expect(400).body,
        "Data partitions feature is disabled.",
      );
      (await put("parted", { enableDataPartitions: false })).expect(400);
      assert.equal((await put("parted", {})).expect(200).at("properties", "enableDataPartitions"), true);
    });

    it("answers 403 to calls from public networks where it takes none", async () => {
      (await put("private", { publicNetworkAccess: "Disabled" })).expect(201);
      await tenant.assignRole(service("private"), builtInRoleIds.dicomDataReader, reader.servicePrincipalId);
      assert.equal((await get("/dicom/sandboxworkspace-private/v2/studies")).expect(403).body, "Forbidden");
    });
  });

  describe("retrieving (WADO-RS) and deleting", () => {
    it("gives back what was stored, byte by byte, and what the service was made with as files", async () => {
      const stored = file("1.2.7", "1.2.7.1");
      (await store(owner, studies, stored)).expect(200);
      const token = await tokenOf(reader);
      const path = `${studies}/1.2.7/series/1.2.7.1/instances/1.2.7.1`;
      const one = await tenant.call("GET", path, { token, headers: { accept: "application/dicom" } });
      assert.equal(one.expect(200).headers["content-type"], "application/dicom");
      assert.equal(one.body, stored.toString("utf8"));
      const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
      const study = `${studies}/1.2.826.0.1.3680043.10.1338.1`;
      const all = (await tenant.call("GET", study, { token, headers: { accept } })).expect(200);
      assert.match(
        String(all.headers["content-type"]),
        /^multipart\/related; type="application\/dicom"; boundary=/,
      );
      assert.equal(all.body.match(/DICM/g)?.length, 2);
      assert.match(all.body, /Synthetic\^Anna/);
      const metadata = (await get(`${study}/metadata`)).expect(200);
      assert.deepEqual(metadata.at(1, attribute.patientName, "Value", 0), { Alphabetic: "Synthetic^Anna" });
      (await get(`${studies}/9.9.9`)).expect(404);
      (await tenant.call("DELETE", `${studies}/1.2.7`, { token: await tokenOf(owner) })).expect(204);
    });

    it("deletes for the owner only, and nothing twice", async () => {
      (await store(owner, studies, file("1.2.8", "1.2.8.1"), file("1.2.8", "1.2.8.2"))).expect(200);
      const remove = async (path: string, client = owner): Promise<TestAnswer> =>
        tenant.call("DELETE", path, { token: await tokenOf(client) });
      (await remove(`${studies}/1.2.8`, reader)).expect(403);
      (await remove(`${studies}/1.2.8/series/1.2.8.1/instances/1.2.8.2`)).expect(204);
      assert.equal(((await get(`${studies}/1.2.8/instances`)).json as readonly unknown[]).length, 1);
      (await remove(`${studies}/1.2.8`)).expect(204);
      (await remove(`${studies}/1.2.8`)).expect(404);
    });
  });

  describe("storing (STOW-RS)", () => {
    it("stores files, which searches then find", async () => {
      const answer = (await store(owner, studies, file("1.2.4", "1.2.4.1"), file("1.2.4", "1.2.4.2"))).expect(
        200,
      );
      assert.deepEqual(answer.at("00081199", "Value", 1, "00081155"), { vr: "UI", Value: ["1.2.4.2"] });
      const found = (await get(`${studies}?PatientID=STORED-1`)).expect(200);
      assert.equal((found.json as readonly unknown[]).length, 1);
      assert.deepEqual(found.at(0, attribute.patientName, "Value", 0), { Alphabetic: "Stored^Patient" });
      const instances = await get(`${studies}/1.2.4/instances`);
      assert.deepEqual(instances.at(1, attribute.sopUid, "Value", 0), "1.2.4.2");
      assert.deepEqual(instances.at(1, attribute.modality, "Value", 0), "XA");
    });

    it("409 with the reason when nothing could be stored, 202 when some could", async () => {
      (await store(owner, studies, file("1.2.5", "1.2.5.1"))).expect(200);
      const again = (await store(owner, studies, file("1.2.5", "1.2.5.1"))).expect(409);
      assert.deepEqual(again.at("00081198", "Value", 0, "00081197"), { vr: "US", Value: [45070] });
      const mixed = (await store(owner, studies, file("1.2.5", "1.2.5.1"), file("1.2.5", "1.2.5.2"))).expect(
        202,
      );
      assert.deepEqual(mixed.at("00081199", "Value", 0, "00081155"), { vr: "UI", Value: ["1.2.5.2"] });
      const other = (await store(owner, `${studies}/1.2.6`, file("1.2.5", "1.2.5.3"))).expect(409);
      assert.deepEqual(other.at("00081198", "Value", 0, "00081197"), { vr: "US", Value: [43265] });
      const nonsense = (
        await store(owner, studies, Buffer.from("no DICOM"), file("1.2.5", "").subarray(0, 200))
      ).expect(409);
      assert.deepEqual(nonsense.at("00081198", "Value", 0, "00081197"), { vr: "US", Value: [272] });
    });

    it("501 naming a content type that it does not read", async () => {
      const token = await tokenOf(owner);
      const answer = await tenant.call("POST", studies, { token, json: {} });
      assert.match(answer.expect(501).body, /application\/json/);
    });
  });
});

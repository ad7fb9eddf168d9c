import assert from "node:assert/strict";
import type { ClientConfig } from "dicom-service-client/model";
import { federatedObstacles } from "../preflight/federatedObstacles";
import type { PlannedClient } from "../preflight/plannedChanges";

type Credentials = NonNullable<ClientConfig["federatedCredentials"]>;

const issuer = "https://token.actions.githubusercontent.com";
const subject = "repo:contoso@1/pacs@2:ref:refs/heads/main";
const claimsMatchingExpression =
  "claims['sub'] matches 'repo:contoso@1/pacs@2:*' and claims['repository_id'] eq '2'";

/** A client that has the first credentials, and is to have the others. */
function planned(there: Credentials, wanted: Credentials): PlannedClient {
  const federatedCredentials = there.map((one) => ({
    ...{ resource: "", id: "", audiences: [], subject: "", claimsMatchingExpression: "" },
    ...one,
  }));
  return {
    name: "jobs",
    config: { displayName: "Jobs", federatedCredentials: wanted },
    deployed: { federatedCredentials } as unknown as NonNullable<PlannedClient["deployed"]>,
    credentials: [],
    grants: [],
    roles: [],
    createsVaultSecret: false,
    requests: [],
  };
}

describe("what preflight says of federated credentials", () => {
  const found = (there: Credentials, wanted: Credentials): readonly (readonly [string, string])[] =>
    federatedObstacles([planned(there, wanted)]).map(({ kind, path }) => [
      kind,
      path.replace("clients.jobs.federatedCredentials", ""),
    ]);
  const plain = { name: "github", issuer, subject };
  const flexible = { name: "github", issuer, claimsMatchingExpression };

  it("is nothing of what stays, changes in place, comes or goes", () => {
    assert.deepEqual(found([plain], [plain]), []);
    assert.deepEqual(found([plain], [{ ...plain, subject: "repo:contoso@1/pacs@2:pull_request" }]), []);
    assert.deepEqual(
      found([flexible], [{ ...flexible, claimsMatchingExpression: "claims['sub'] eq 'a'" }]),
      [],
    );
    assert.deepEqual(found([], [plain, { ...flexible, name: "branches" }]), []);
    assert.deepEqual(found([plain], []), []);
    assert.deepEqual(found([plain], [{ ...flexible, name: "branches" }]), []);
    assert.deepEqual(found([plain], [{ ...plain, name: "main", formerName: "github" }]), []);
    assert.deepEqual(found([flexible], [{ ...flexible, name: "main", formerName: "github" }]), []);
  });

  it("is that a subject cannot become claims under the same name, nor the other way round", () => {
    assert.deepEqual(found([plain], [flexible]), [["name-taken", "[0].name"]]);
    assert.deepEqual(found([flexible], [plain]), [["name-taken", "[0].name"]]);
  });

  it("is that a new name needs the former one", () => {
    assert.deepEqual(found([plain], [{ ...plain, name: "main" }]), [["exists-already", "[0].subject"]]);
  });

  it("is that all those that come are there before any goes", () => {
    const many = (count: number, from: number): Credentials =>
      Array.from({ length: count }, (_none, index) => ({
        name: `job-${from + index}`,
        issuer,
        subject: `${subject}-${from + index}`,
      }));
    assert.deepEqual(found(many(20, 0), many(20, 0)), []);
    assert.deepEqual(found(many(19, 0), many(20, 0)), []);
    assert.deepEqual(found(many(20, 0), many(20, 1)), [["quota-used-up", ""]]);
    assert.deepEqual(found(many(20, 0), many(10, 0)), []);
  });
});

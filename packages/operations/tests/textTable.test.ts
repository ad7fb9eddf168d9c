import assert from "node:assert/strict";
import picocolors from "picocolors";
import { verificationText } from "../verify/verificationText";
import { textTable } from "../console/textTable";
import { labelled, wrapped } from "../console/wrapped";

const id = "441578a9-9dee-4078-8c3c-1aad6aecce2a";
const resourceId = `/subscriptions/${id}/resourceGroups/imaging/providers/Microsoft.HealthcareApis/workspaces/hospital`;

describe("texts for a terminal", () => {
  it("are broken at blanks only, so that ids can be copied", () => {
    assert.deepEqual(wrapped(`one two ${resourceId} three`, 20), ["one two", resourceId, "three"]);
    assert.equal(labelled("at ", resourceId), `at ${resourceId}\n`);
  });

  it("leave a command between backticks whole, with what hangs on it", () => {
    assert.deepEqual(wrapped("Run it (`pulumi up --stack dev`) again", 12), [
      "Run it",
      "(`pulumi up --stack dev`)",
      "again",
    ]);
  });

  it("of a verification fit into 80 columns, whatever the names and what to do", () => {
    const name = "radiology-image-exchange-gateway-of-paediatrics";
    const cure = "The application no longer has the secret, so issue it again and move the consumers to it. ";
    const text = verificationText(
      {
        version: 1,
        stack: "prod",
        works: false,
        notChosen: [],
        clients: [
          {
            name,
            clientId: id,
            verdict: "fails",
            credentials: [
              {
                kind: "federated",
                name: "github-actions-of-the-research-pipeline",
                keyId: id,
                tried: true,
                stages: [
                  {
                    stage: "token",
                    outcome: "failed",
                    problem: "wrong-secret",
                    detail: "Refused.",
                    cure: cure.repeat(3),
                  },
                ],
              },
            ],
          },
        ],
      },
      picocolors.createColors(false),
    );
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 80),
      [],
    );
    assert.match(text, /\n {10}fix: {3}The application/);
  });

  const columns = [
    { title: "CLIENT", value: ([client = ""]: readonly string[]) => client },
    { title: "KEY ID", value: ([, keyId = ""]: readonly string[]) => keyId },
    { title: "WHY", value: ([, , why = ""]: readonly string[]) => why },
  ];
  const why = "the registration was moved from the portal to the stack";

  it("have tables in which columns of words give way to those of ids", () => {
    assert.equal(
      textTable(columns, [["imaging-gateway", id, why]], "  "),
      [
        "  CLIENT           KEY ID                                WHY",
        `  imaging-gateway  ${id}  the registration was`,
        "                                                         moved from the portal",
        "                                                         to the stack",
        "",
      ].join("\n"),
    );
  });

  it("list a row's values below each other where no table of 80 columns keeps them whole", () => {
    const rows = [
      ["imaging-gateway-of-the-radiology", id, why],
      ["viewer", resourceId, why],
    ];
    assert.equal(
      textTable(columns, rows, "  "),
      [
        "  CLIENT  imaging-gateway-of-the-radiology",
        `  KEY ID  ${id}`,
        "  WHY     the registration was moved from the portal to the stack",
        "",
        "  CLIENT  viewer",
        `  KEY ID  ${resourceId}`,
        "  WHY     the registration was moved from the portal to the stack",
        "",
      ].join("\n"),
    );
  });
});

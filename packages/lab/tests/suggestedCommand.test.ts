import assert from "node:assert/strict";
import { suggestedCommandsIn } from "../trial/suggestedCommand";

describe("the commands that a message suggests", () => {
  it("are read with and without quotes and comments, each once, in their order", () => {
    const assignment = "/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/r";
    assert.deepEqual(
      suggestedCommandsIn(
        [
          "error: it exists already. Let the stack have it:",
          "  pulumi import azuread:index/application:Application gateway-application '/applications/1' --parent x",
          `  az role assignment delete --ids '${assignment}'   # then pulumi up`,
          `  az role assignment delete --ids ${assignment}`,
          "  az ad app federated-credential delete --id 2 --federated-credential-id 3",
          "  az role assignment list --scope s",
        ].join("\n"),
      ),
      [
        {
          kind: "import",
          type: "azuread:index/application:Application",
          name: "gateway-application",
          id: "/applications/1",
        },
        { kind: "delete", service: "azure", path: assignment },
        { kind: "delete", service: "graph", path: "applications/2/federatedIdentityCredentials/3" },
      ],
    );
  });
});

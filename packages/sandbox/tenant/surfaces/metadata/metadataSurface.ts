import type { Answer, Input } from "../../core/request";
import { bindOperations, type Authorization, type Surface } from "../../core/operation";
import { Refusal } from "../../core/refusal";
import type { Directory } from "../../state/directory";
import { renderPlainRefusal } from "../plainRenderer";

const openAuthorization: Authorization<Directory, "anyone", null> = {
  admit: () => null,
  label: () => "anyone",
};

/** The version of Azure Resource Manager's metadata that is one object and not a list of clouds. */
const supportedVersion = "2022-09-01";

/** Azure Resource Manager's description of its cloud, by which a client finds login, Graph and Resource Manager. */
export function metadataSurface(): Surface<Directory> {
  return {
    name: "metadata",
    operations: bindOperations(openAuthorization, [
      {
        id: "metadata.endpoints",
        method: "GET",
        path: "/metadata/endpoints",
        access: "anyone",
        handle: (_directory, input) => endpoints(input),
      },
    ]),
    owns: (path) => path.startsWith("/metadata/"),
    render: renderPlainRefusal,
  };
}

function endpoints(input: Input): Answer {
  const version = input.query.get("api-version");
  if (version !== supportedVersion) {
    const isVersion = /^\d{4}-\d\d-\d\d$/.test(version ?? "");
    throw new Refusal({
      kind: isVersion ? "notImplemented" : "badRequest",
      code: isVersion ? "NotImplemented" : "InvalidApiVersionParameter",
      message: `The api-version '${version ?? ""}' is ${isVersion ? "not implemented" : "invalid"}. The supported versions are '${supportedVersion}'.`,
    });
  }
  const { base } = input;
  return {
    status: 200,
    json: {
      portal: base,
      authentication: {
        loginEndpoint: base,
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/", base],
        tenant: "common",
        identityProvider: "AAD",
      },
      graphAudience: base,
      graph: base,
      name: "Sandbox",
      suffixes: { keyVaultDns: "vault.localhost" },
      resourceManager: base,
      microsoftGraphResourceId: base,
    },
  };
}

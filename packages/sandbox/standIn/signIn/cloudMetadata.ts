import type { HttpClient } from "../http/httpClient";
import { isJsonObject, parseJsonObject, textIn, textsIn } from "../http/jsonBody";

/** Where the services of a cloud are, as its metadata document says. No URL ends in a slash, except as noted. */
export interface CloudMetadata {
  readonly name: string;
  /** Base of the token endpoint; as given, trailing slash included. */
  readonly loginEndpoint: string;
  /** Resource a token for Resource Manager is asked for; as given, trailing slash included. */
  readonly resourceManagerAudience: string;
  readonly resourceManager: string;
  /** Base URL of Microsoft Graph and at the same time the resource a token for it is asked for. */
  readonly microsoftGraph: string;
}

/** The stand-ins never leave the machine: a metadata host that is not on loopback is refused. */
function isLoopback(host: string): boolean {
  const name = new URL(`https://${host}`).hostname;
  return (
    name === "localhost" || name.endsWith(".localhost") || name === "[::1]" || /^127(\.\d+){3}$/.test(name)
  );
}

/**
 * Reads the cloud's metadata document, version 2022-09-01. One request, no retry.
 *
 * @param host `metadataHost` or ARM_METADATA_HOSTNAME: host or host:port, no scheme
 * @param plugin name for messages
 */
export async function readCloudMetadata(
  client: HttpClient,
  host: string,
  plugin: string,
  signal: AbortSignal,
): Promise<CloudMetadata> {
  if (host === "") {
    throw new Error(
      `the stand-in for ${plugin} works on the sandbox tenant only: set ARM_METADATA_HOSTNAME, or install the real plugin`,
    );
  }
  if (!isLoopback(host)) {
    throw new Error(
      `the stand-in for ${plugin} works on the sandbox tenant only, and "${host}" is not on this machine; install the real plugin`,
    );
  }
  const url = `https://${host}/metadata/endpoints?api-version=2022-09-01`;
  const response = await client.send({ method: "GET", url }, signal).catch((error: unknown) => {
    throw new Error(
      `retrieving environments from Azure MetaData service: performing request: ${String(error)}`,
      { cause: error },
    );
  });
  const document = parseJsonObject(response.body);
  if (response.status !== 200 || document === undefined) {
    throw new Error(
      `retrieving environments from Azure MetaData service: expected 200 OK with a JSON object but got ${response.status} ${response.statusText}`,
    );
  }
  const authentication = isJsonObject(document["authentication"]) ? document["authentication"] : {};
  const required = (name: string, value: string): string => {
    if (value === "") throw new Error(`the metadata document of ${host} has no \`${name}\``);
    return value;
  };
  const withoutSlash = (text: string): string => text.replace(/\/+$/, "");
  const resourceManager = required("resourceManager", textIn(document["resourceManager"]));
  return {
    name: required("name", textIn(document["name"])),
    loginEndpoint: required("authentication.loginEndpoint", textIn(authentication["loginEndpoint"])),
    resourceManagerAudience: textsIn(authentication["audiences"])[0] ?? resourceManager,
    resourceManager: withoutSlash(resourceManager),
    microsoftGraph: withoutSlash(
      required("microsoftGraphResourceId", textIn(document["microsoftGraphResourceId"])),
    ),
  };
}

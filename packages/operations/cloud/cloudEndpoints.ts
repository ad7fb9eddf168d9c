import { z } from "zod";
import { outsideFacts } from "dicom-service-client/model";
import { OperationError } from "../operationError";
import type { CloudSettings } from "../project/declaration";
import { calls } from "./calls";
import type { HttpTransport } from "./httpTransport";
import { parsedJson } from "./parsedJson";
import { isTransient } from "./retry";

/** Where the services of a cloud are. No address ends in a slash. */
export interface CloudEndpoints {
  /** Base address of the token endpoint. */
  readonly login: string;
  readonly graph: string;
  readonly resourceManager: string;
  /** Scope of tokens for Microsoft Graph. */
  readonly graphScope: string;
  /** Scope of tokens for Azure Resource Manager. */
  readonly resourceManagerScope: string;
  /** Scope of tokens for the secrets of key vaults. */
  readonly vaultScope: string;
  /** Whether the addresses were given by a metadata host, so that nothing is known about them beforehand. */
  readonly isCustom: boolean;
  /** Whether Microsoft Graph may report there when credentials were last used: it does in the public cloud only. */
  readonly hasUseReport: boolean;
}

type PublishedCloud = Readonly<Record<"login" | "graph" | "resourceManager" | "vault", string>>;

const publishedClouds: Readonly<Record<string, PublishedCloud>> = {
  public: {
    login: outsideFacts.publicLogin.value,
    graph: outsideFacts.publicGraph.value,
    resourceManager: outsideFacts.publicResourceManager.value,
    vault: outsideFacts.publicVault.value,
  },
  usgovernment: {
    login: outsideFacts.governmentLogin.value,
    graph: outsideFacts.governmentGraph.value,
    resourceManager: outsideFacts.governmentResourceManager.value,
    vault: outsideFacts.governmentVault.value,
  },
  china: {
    login: outsideFacts.chinaLogin.value,
    graph: outsideFacts.chinaGraph.value,
    resourceManager: outsideFacts.chinaResourceManager.value,
    vault: outsideFacts.chinaVault.value,
  },
};

function publishedCloud(name: string): PublishedCloud | undefined {
  return Object.hasOwn(publishedClouds, name) ? publishedClouds[name] : undefined;
}

/** Base address of the token endpoint of a cloud that is known by its name; undefined of another. */
export function publishedLoginUrl(cloud: string): string | undefined {
  return publishedCloud(cloud.toLowerCase())?.login;
}

const url = z.string().regex(/^https:\/\//);
const metadata = z.object({
  resourceManager: url,
  microsoftGraphResourceId: url,
  authentication: z.object({ loginEndpoint: url, audiences: z.array(z.string()).min(1) }),
});

/**
 * Finds the cloud the way the providers do: by a metadata host (`azuread:metadataHost`, `ARM_METADATA_HOSTNAME`), or else by its
 * name (`azuread:environment`, `ARM_ENVIRONMENT`), which is `public` by default.
 *
 * @throws OperationError when the cloud is not known, TransportFailure when its metadata cannot be had
 */
export async function findCloud(
  settings: CloudSettings,
  env: NodeJS.ProcessEnv,
  transport: HttpTransport,
): Promise<CloudEndpoints> {
  const host = settings.metadataHost ?? (env["ARM_METADATA_HOSTNAME"] || undefined);
  if (host !== undefined) return readMetadata(host, transport);
  const name = (settings.environment ?? (env["ARM_ENVIRONMENT"] || "public")).toLowerCase();
  const cloud = publishedCloud(name);
  if (cloud === undefined) {
    throw new OperationError(`There is no cloud ${JSON.stringify(name)}.`, {
      cure: `Set azuread:environment or ARM_ENVIRONMENT to ${Object.keys(publishedClouds).join(", ")}, or name a metadata host.`,
    });
  }
  const { login, graph, resourceManager, vault } = cloud;
  return {
    login,
    graph,
    resourceManager,
    graphScope: `${graph}/.default`,
    resourceManagerScope: `${resourceManager}/.default`,
    vaultScope: `${vault}/.default`,
    isCustom: false,
    hasUseReport: name === "public",
  };
}

async function readMetadata(host: string, transport: HttpTransport): Promise<CloudEndpoints> {
  const { method, path } = calls.cloudMetadata;
  const answer = await transport.send({
    method,
    url: `https://${host}${path}`,
    headers: { accept: "application/json" },
  });
  const read = metadata.safeParse(answer.status === 200 ? parsedJson(answer.body) : undefined);
  if (!read.success) {
    throw new OperationError(`${host} does not describe a cloud.`, {
      cause: `Asked for its metadata, it answered ${answer.status}${answer.status === 200 ? ` with something else:\n${z.prettifyError(read.error)}` : ""}.`,
      cure: isTransient(answer.status)
        ? "Try again later."
        : "Correct ARM_METADATA_HOSTNAME or azuread:metadataHost, or take it away for the public cloud.",
    });
  }
  const { resourceManager, microsoftGraphResourceId, authentication } = read.data;
  const graph = withoutSlash(microsoftGraphResourceId);
  return {
    login: withoutSlash(authentication.loginEndpoint),
    graph,
    resourceManager: withoutSlash(resourceManager),
    graphScope: `${graph}/.default`,
    // An audience that ends in a slash keeps it, which gives two in a row: the token service wants it so.
    resourceManagerScope: `${authentication.audiences[0] ?? resourceManager}/.default`,
    // The metadata names the vaults' hosts only; the audience is that of the public cloud.
    vaultScope: `${outsideFacts.publicVault.value}/.default`,
    isCustom: true,
    hasUseReport: true,
  };
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, "");
}

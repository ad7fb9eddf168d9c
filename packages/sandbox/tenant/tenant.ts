import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Clock, systemClock } from "./core/clock";
import { Dispatcher } from "./core/dispatcher";
import { Faults } from "./core/faults";
import { listen } from "./core/httpServer";
import type { Surface } from "./core/operation";
import { type LoggedRequest, RequestLog } from "./core/requestLog";
import { folderEncryption } from "./core/encryption";
import { readSigningKey, signingKeySource } from "./core/signingKey";
import { tlsMaterial } from "./core/tlsMaterial";
import { hashSecret, randomSecret } from "./domain/passwords";
import { tenantSettings } from "./domain/tenantSettings";
import { type ControlAnswer, type ControlMethod, sendControl } from "./controlClient";
import { reseed, seed, seedProfile } from "./seed";
import { type Directory, emptySnapshot } from "./state/directory";
import { lockFolder } from "./state/folderLock";
import { readSnapshot, writeSnapshot } from "./state/snapshotFile";
import { Store } from "./state/store";
import { AccessTokens } from "./surfaces/accessTokens";
import { armSurface } from "./surfaces/arm/armSurface";
import { controlSurface } from "./surfaces/control/controlSurface";
import { dicomwebSurface } from "./surfaces/dicomweb/dicomwebSurface";
import { graphSurface } from "./surfaces/graph/graphSurface";
import { keyVaultSurface } from "./surfaces/keyVault/keyVaultSurface";
import { loginSurface } from "./surfaces/login/loginSurface";
import { metadataSurface } from "./surfaces/metadata/metadataSurface";
import { pageSurface } from "./surfaces/page/pageSurface";
import type { ReadStack } from "./surfaces/page/tenantOverview";
import { placesSurface } from "./surfaces/places/placesSurface";
import type { Services } from "./surfaces/services";

export { TenantError } from "./core/tenantError";

export interface TenantOptions {
  /**
   * Folder that holds the snapshot, the keys and the lock; made when it is not there. Absent: memory only, with the TLS material in a
   * private temporary folder that stop() removes.
   */
  readonly folder?: string;
  /** TCP port on 127.0.0.1; 0, the default, for any free one. */
  readonly port?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** File to which one JSON line per request is appended, credentials masked. */
  readonly requestLog?: string;
  /** Reads what the stack has deployed, which the page tells from what nobody declared. Default: not known. */
  readonly readStack?: ReadStack;
}

/** A running sandbox tenant. */
export interface Tenant {
  /** `https://127.0.0.1:{port}`, also the address of Graph, login and Azure Resource Manager. */
  readonly url: string;
  /** PEM file of the authority that signed the server's certificate. */
  readonly caFile: string;
  /** What any client needs, by the names that Azure's and Go's tools read. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Sends an instruction to the control surface: clock, faults, settings, first-party applications, administrator's tokens, reset.
   * @param path after `/_sandbox/`, for example `clock`
   */
  control(method: ControlMethod, path: string, body?: unknown): Promise<ControlAnswer>;
  /** The newest requests, oldest first. */
  requests(): readonly LoggedRequest[];
  /** Resolves once the port is closed and the lock released; may be called twice. */
  stop(): Promise<void>;
}

/** Client id of the Azure portal, under which the seeded administrator acts. */
const portalAppId = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";

/**
 * Starts a tenant on loopback.
 * @throws TenantError when the folder is in use, or its state is damaged or newer; nothing is changed then
 */
export async function startTenant(options: TenantOptions = {}): Promise<Tenant> {
  const folder = options.folder === undefined ? undefined : resolve(options.folder);
  const cleanup: (() => void | Promise<void>)[] = [];
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    for (const step of cleanup.reverse()) await step();
  };
  try {
    const started = await start(options, folder, cleanup);
    return { ...started, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param cleanup takes what has to be done for the tenant to stop, in reverse order */
async function start(
  options: TenantOptions,
  folder: string | undefined,
  cleanup: (() => void | Promise<void>)[],
): Promise<Omit<Tenant, "stop">> {
  const held = folder === undefined ? undefined : await lockFolder(folder);
  if (held !== undefined) cleanup.push(() => held.release());
  const tlsFolder = folder === undefined ? await privateFolder(cleanup) : join(folder, "tls");
  const snapshotFile = folder === undefined ? undefined : join(folder, "tenant.json");
  const clock = options.clock ?? systemClock;
  const [kept, tls] = await Promise.all([
    snapshotFile === undefined ? undefined : readSnapshot(snapshotFile),
    tlsMaterial(tlsFolder),
  ]);
  const store = new Store(kept ?? emptySnapshot(), async (snapshot) => {
    held?.check();
    if (snapshotFile !== undefined) await writeSnapshot(snapshotFile, snapshot);
  });
  if (kept === undefined) {
    await store.write((draft) => {
      reseed(draft, clock.now());
      return Promise.resolve();
    });
  }
  const tenantClock: Clock = {
    now: () => new Date(clock.now().getTime() + tenantSettings(store.read()).clockOffset),
  };
  const log = new RequestLog(options.requestLog);
  cleanup.push(() => log.close());
  const keyFile = folder === undefined ? undefined : join(folder, "signing-key.pem");
  // A damaged key is better told at the start than by the first sign-in.
  if (keyFile !== undefined) await readSigningKey(keyFile);
  const signingKey = signingKeySource(keyFile);
  const services: Services = {
    profile: seedProfile,
    signingKey,
    issuerKey: signingKeySource(undefined),
    tokens: new AccessTokens(signingKey),
    encryption: await folderEncryption(folder),
  };
  const faults = new Faults();
  const pipelineSecret = randomSecret();
  const controlKey = randomBytes(32).toString("base64url");
  const instance = randomUUID();
  let environment: Readonly<Record<string, string>> = {};
  const protocols: readonly Surface<Directory>[] = [
    metadataSurface(),
    graphSurface(services, (request) => dispatcher.answer(request)),
    armSurface(services),
    keyVaultSurface(services),
    dicomwebSurface(services),
    pageSurface({
      ...services,
      log,
      readStack: options.readStack ?? (() => Promise.resolve(undefined)),
    }),
    placesSurface({ ...services, controlKey }),
    loginSurface(services, { appId: seed.pipeline.appId, ...hashSecret(pipelineSecret) }),
  ];
  const dispatcher: Dispatcher<Directory> = new Dispatcher<Directory>(
    [
      controlSurface({
        ...services,
        controlKey,
        instance,
        log,
        faults,
        operations: () => protocols.flatMap((surface) => surface.operations),
        portalAppId,
        adminUserId: seed.adminUserId,
        environment: () => environment,
        untouchedNow: () => clock.now(),
        reseed: (directory) => {
          reseed(directory, clock.now());
        },
      }),
      ...protocols,
    ],
    store,
    log,
    faults,
  );
  const server = await listen({
    tls,
    port: options.port ?? 0,
    clock: tenantClock,
    answer: (request) => dispatcher.answer(request),
  });
  cleanup.push(
    () => store.settled(),
    () => server.close(),
  );
  environment = clientEnvironment(server.url, tls.caFile, pipelineSecret);
  await held?.announce({ pid: process.pid, url: server.url, instance, controlKey });
  return {
    url: server.url,
    caFile: tls.caFile,
    environment,
    control: (method, path, body) =>
      sendControl({ url: server.url, caFile: tls.caFile, controlKey }, method, path, body),
    requests: () => log.entries(),
  };
}

async function privateFolder(cleanup: (() => void | Promise<void>)[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "entra-sandbox-"));
  cleanup.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function clientEnvironment(url: string, caFile: string, secret: string): Readonly<Record<string, string>> {
  return Object.freeze({
    ARM_METADATA_HOSTNAME: new URL(url).host,
    ARM_TENANT_ID: seed.tenantId,
    ARM_SUBSCRIPTION_ID: seed.subscriptionId,
    ARM_CLIENT_ID: seed.pipeline.appId,
    ARM_CLIENT_SECRET: secret,
    // The real azure-native plugin would ask login.microsoftonline.com whether it knows this tenant's host.
    ARM_DISABLE_INSTANCE_DISCOVERY: "true",
    SSL_CERT_FILE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    ENTRA_SANDBOX_URL: url,
  });
}

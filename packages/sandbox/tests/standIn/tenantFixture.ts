import { startStandIn, type ProviderName, type StandIn } from "../../standIn/standIn";
import { startTenant, type Tenant } from "../../tenant/tenant";
import { Administrator } from "./administrator";
import { EngineClient } from "./engineClient";

/** A configured stand-in between a client that speaks as the engine and a sandbox tenant. */
export class TenantFixture {
  private seen = 0;

  private constructor(
    readonly tenant: Tenant,
    readonly administrator: Administrator,
    readonly engine: EngineClient,
    private readonly standIn: StandIn,
  ) {}

  static async start(provider: ProviderName): Promise<TenantFixture> {
    const tenant = await startTenant();
    const standIn = await startStandIn(provider, tenant.environment);
    const engine = new EngineClient(standIn.port);
    await engine.configure();
    return new TenantFixture(tenant, new Administrator(tenant), engine, standIn);
  }

  /** What reached the tenant since the last time of asking: method, and path without version and query. */
  newRequests(): string[] {
    const requests = this.tenant.requests().slice(this.seen);
    this.seen += requests.length;
    return requests.map(({ method, url }) => `${method} ${url.replace(/\?.*/, "")}`);
  }

  async stop(): Promise<void> {
    this.engine.close();
    await this.standIn.stop();
    await this.tenant.stop();
  }
}

import { startTenant } from "../../../tenant/tenant";

/* Runs a tenant on the folder given as argument and prints one JSON line with what the parent needs, or the error. */
startTenant({ folder: process.argv[2] ?? "" }).then(
  async (tenant) => {
    const answer = await tenant.control("POST", "token", { resource: "graph" });
    const { access_token: token } = answer.json as { readonly access_token: string };
    process.stdout.write(`${JSON.stringify({ url: tenant.url, caFile: tenant.caFile, token })}\n`);
    process.on("SIGTERM", () => void tenant.stop());
  },
  (error: unknown) => {
    process.stdout.write(
      `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`,
    );
  },
);

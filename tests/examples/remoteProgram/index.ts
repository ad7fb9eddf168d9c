import * as pulumi from "@pulumi/pulumi";

/** What a generated SDK declares: the component, constructed by its package in a process of its own. */
class DicomServiceClient extends pulumi.ComponentResource {
  declare readonly clientId: pulumi.Output<string>;
  declare readonly clientSecret: pulumi.Output<string | undefined>;

  constructor(name: string, args: Readonly<Record<string, unknown>>) {
    const outputs = { clientId: undefined, clientSecret: undefined };
    super("dicom-service-client:index:DicomServiceClient", name, { ...args, ...outputs }, {}, true);
  }
}

const client = new DicomServiceClient(
  "imaging-gateway",
  new pulumi.Config().requireObject<Readonly<Record<string, unknown>>>("client"),
);

export const clientId = client.clientId;
export const clientSecret = client.clientSecret;

import * as pulumi from "@pulumi/pulumi";
import { DicomServiceClient } from "dicom-service-client";

const config = new pulumi.Config();

const client = new DicomServiceClient("imaging-gateway", {
  displayName: "Imaging gateway (dev)",
  description: "Finds and reads studies for the hospital's viewers",
  access: [{ dicomService: config.require("dicomService"), role: "reader" }],
  consent: "managed",
  secret: { from: "2026-11-23", lifetimeDays: 180, overlapDays: 30 },
});

export const clientId = client.clientId;
export const scope = client.scope;
export const tokenUrl = client.tokenUrl;
export const secretExpiresOn = client.secretExpiresOn;
export const clientSecret = client.clientSecret;

package main

import (
	// The path that `pulumi package add` prints.
	dicom "example.com/pulumi-dicom-service-client/sdk/go/dicomserviceclient"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		client, err := dicom.NewDicomServiceClient(ctx, "imaging-gateway", &dicom.DicomServiceClientArgs{
			DisplayName: pulumi.String("Imaging gateway (dev)"),
			Description: pulumi.String("Finds and reads studies for the hospital's viewers"),
			Access: []dicom.ClientAccessArgs{{
				DicomService: pulumi.StringRef(config.Require(ctx, "dicomService")),
				Role:         pulumi.StringRef("reader"),
			}},
			Consent: pulumi.StringRef("managed"),
			Secret: &dicom.SecretScheduleArgs{
				From:         "2026-11-23",
				LifetimeDays: pulumi.Float64Ref(180),
				OverlapDays:  pulumi.Float64Ref(30),
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("clientId", client.ClientId)
		ctx.Export("scope", client.Scope)
		ctx.Export("tokenUrl", client.TokenUrl)
		ctx.Export("secretExpiresOn", client.SecretExpiresOn)
		ctx.Export("clientSecret", client.ClientSecret)
		return nil
	})
}

using System.Collections.Generic;
using Pulumi;
using Pulumi.DicomServiceClient;
using Pulumi.DicomServiceClient.Inputs;

return await Deployment.RunAsync(() =>
{
    var config = new Config();

    var client = new DicomServiceClient("imaging-gateway", new DicomServiceClientArgs
    {
        DisplayName = "Imaging gateway (dev)",
        Description = "Finds and reads studies for the hospital's viewers",
        Access = new List<ClientAccessArgs>
        {
            new ClientAccessArgs { DicomService = config.Require("dicomService"), Role = "reader" },
        },
        Consent = "managed",
        Secret = new SecretScheduleArgs { From = "2026-11-23", LifetimeDays = 180, OverlapDays = 30 },
    });

    return new Dictionary<string, object?>
    {
        ["clientId"] = client.ClientId,
        ["scope"] = client.Scope,
        ["tokenUrl"] = client.TokenUrl,
        ["secretExpiresOn"] = client.SecretExpiresOn,
        ["clientSecret"] = client.ClientSecret,
    };
});

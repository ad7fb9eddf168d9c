import pulumi
from pulumi_dicom_service_client import DicomServiceClient

config = pulumi.Config()

client = DicomServiceClient(
    "imaging-gateway",
    display_name="Imaging gateway (dev)",
    description="Finds and reads studies for the hospital's viewers",
    access=[{"dicom_service": config.require("dicomService"), "role": "reader"}],
    consent="managed",
    # from is a word of Python, hence from_
    secret={"from_": "2026-11-23", "lifetime_days": 180, "overlap_days": 30},
)

pulumi.export("clientId", client.client_id)
pulumi.export("scope", client.scope)
pulumi.export("tokenUrl", client.token_url)
pulumi.export("secretExpiresOn", client.secret_expires_on)
pulumi.export("clientSecret", client.client_secret)

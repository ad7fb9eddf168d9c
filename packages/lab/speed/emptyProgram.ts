/** The program that `pulumi new typescript` makes, with nothing declared in it. */
import * as pulumi from "@pulumi/pulumi";

export const version = pulumi.output("empty");

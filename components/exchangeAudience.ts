import { outsideFacts } from "./outsideFacts";

/** The audience of tokens that Entra exchanges in the public cloud. */
export const publicExchangeAudience: string = outsideFacts.exchangeAudience.value;

/**
 * The audience that tokens for Entra's token exchange have in each cloud, by the host of its token endpoint. Source of the hosts:
 * https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 */
const byLoginHost: Readonly<Record<string, string>> = {
  "login.microsoftonline.us": outsideFacts.exchangeAudienceUsGovernment.value,
  "login.partner.microsoftonline.cn": outsideFacts.exchangeAudienceChina.value,
  "login.chinacloudapi.cn": outsideFacts.exchangeAudienceChina.value,
};

/** All audiences that Microsoft has for this, one for each cloud. */
export const exchangeAudiences: readonly string[] = [
  ...new Set([publicExchangeAudience, ...Object.values(byLoginHost)]),
];

/**
 * The audience of tokens that Entra exchanges in a cloud; that of the public cloud where nothing else is known.
 *
 * @param loginUrl base address of the cloud's token endpoint
 */
export function exchangeAudience(loginUrl: string): string {
  return (
    (URL.canParse(loginUrl) ? byLoginHost[new URL(loginUrl).hostname] : undefined) ?? publicExchangeAudience
  );
}

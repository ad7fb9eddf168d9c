import { outsideFacts } from "./outsideFacts";

/** The audience of tokens that Entra exchanges in the public cloud. */
export const publicExchangeAudience: string = outsideFacts.exchangeAudience.value;

function hostOf({ value }: { readonly value: string }): string {
  return new URL(value).host;
}

/** The audience that tokens for Entra's token exchange have in each cloud, by the host of its token endpoint. */
const byLoginHost: ReadonlyMap<string, string> = new Map([
  [hostOf(outsideFacts.governmentLogin), outsideFacts.exchangeAudienceUsGovernment.value],
  [hostOf(outsideFacts.chinaLogin), outsideFacts.exchangeAudienceChina.value],
  [hostOf(outsideFacts.chinaOldLogin), outsideFacts.exchangeAudienceChina.value],
]);

/** All audiences that Microsoft has for this, one for each cloud. */
export const exchangeAudiences: readonly string[] = [
  ...new Set([publicExchangeAudience, ...byLoginHost.values()]),
];

/**
 * The audience of tokens that Entra exchanges in a cloud; that of the public cloud where nothing else is known.
 *
 * @param loginUrl base address of the cloud's token endpoint
 */
export function exchangeAudience(loginUrl: string): string {
  return (
    (URL.canParse(loginUrl) ? byLoginHost.get(new URL(loginUrl).hostname) : undefined) ??
    publicExchangeAudience
  );
}

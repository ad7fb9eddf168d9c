import { X509Certificate } from "node:crypto";
import {
  ConfidentialClientApplication,
  type Configuration,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from "@azure/msal-node";
import { outsideFacts } from "dicom-service-client/model";
import type { HttpTransport } from "../cloud/httpTransport";
import { isTransient, sendWithRetry } from "../cloud/retry";
import { entraErrorNumber, entraErrorText } from "../cloud/signInProblem";
import { TransportFailure } from "../cloud/transportFailure";
import type { Console } from "../console/console";
import { messageOf } from "../operationError";
import type { Proof } from "./publishedCredentials";
import { busyService, interceptedAnswer, transportProblem } from "./transportProblem";
import { failed, passed, type VerificationProblem, type StageResult } from "./verification";

/** What a token is asked for with. */
export interface ClientTokenRequest {
  readonly clientId: string;
  /** `<login address>/<tenant>`. */
  readonly authority: string;
  /** The audience followed by `/.default`. */
  readonly scope: string;
  readonly proof: Proof;
  /** Name of the stack, for the commands that are advised. */
  readonly stack: string;
}

/** The stage's result and, when it passed, the token. */
export interface TokenOutcome {
  readonly result: StageResult;
  readonly token?: string;
}

/** Asks for a token as consumers do, by the Microsoft Authentication Library. */
export async function tokenStage(
  request: ClientTokenRequest,
  transport: HttpTransport,
  console: Console,
): Promise<TokenOutcome> {
  const network = new TransportNetwork(transport, console, request.stack);
  try {
    const application = new ConfidentialClientApplication({
      auth: {
        clientId: request.clientId,
        authority: request.authority,
        knownAuthorities: [new URL(request.authority).host],
        ...proofSettings(request.proof),
      },
      system: { networkClient: network, disableInternalRetries: true },
    });
    const answer = await application.acquireTokenByClientCredential({
      scopes: [request.scope],
      skipCache: true,
    });
    if (!answer) throw new Error("the response holds no token");
    return {
      token: answer.accessToken,
      result: passed("token", `${new URL(request.authority).host} issued a token.`),
    };
  } catch (error) {
    return { result: network.explain() ?? refusal(messageOf(error), request.stack) };
  }
}

function proofSettings(proof: Proof): Partial<Configuration["auth"]> {
  switch (proof.kind) {
    case "secret":
      return { clientSecret: proof.value };
    case "certificate":
      return {
        clientCertificate: {
          thumbprintSha256: new X509Certificate(proof.pem).fingerprint256.replaceAll(":", ""),
          privateKey: proof.privateKey,
          x5c: proof.pem,
        },
      };
    case "federated":
      return { clientAssertion: proof.token };
  }
}

/** MSAL's requests over our connections, which keeps apart what MSAL reports as one and the same network error. */
class TransportNetwork implements INetworkModule {
  private problem: StageResult | undefined;

  constructor(
    private readonly transport: HttpTransport,
    private readonly console: Console,
    private readonly stack: string,
  ) {}

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.send<T>("GET", url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.send<T>("POST", url, options);
  }

  /** Why there was no answer, if there was none. */
  explain(): StageResult | undefined {
    return this.problem;
  }

  private async send<T>(
    method: "GET" | "POST",
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    this.problem = undefined;
    try {
      const request = {
        method,
        url,
        headers: options.headers ?? {},
        ...(options.body === undefined ? {} : { body: options.body }),
      };
      const { status, headers, body } = await sendWithRetry(() => this.transport.send(request), this.console);
      const { host } = new URL(url);
      if (isTransient(status)) {
        this.problem = busyService("token", status);
        return { status, headers, body: {} as T };
      }
      try {
        const answer = JSON.parse(body) as T;
        if (method === "GET" && status !== 200)
          this.problem = refusedMetadata(host, status, answer, this.stack);
        return { status, headers, body: answer };
      } catch (error) {
        this.problem = interceptedAnswer("token", host, status);
        throw error;
      }
    } catch (error) {
      if (error instanceof TransportFailure) this.problem = transportProblem("token", error);
      throw error;
    }
  }
}

/** The sign-in service does not say where tokens are to be had; MSAL would not tell why. */
function refusedMetadata(host: string, status: number, answer: unknown, stack: string): StageResult {
  const { error_description: text } = answer as { readonly error_description?: unknown };
  return typeof text === "string" && entraErrorNumber(text) !== undefined
    ? refusal(text, stack)
    : failed(
        "token",
        "unexpected",
        `${host} answers ${status} when asked for its endpoints.`,
        "Run it again; if it persists, check the tenant and the cloud that the stack was deployed to.",
      );
}

interface KnownRefusal {
  readonly numbers: readonly number[];
  readonly problem: VerificationProblem;
  /** @param stack its name */
  readonly cure: (stack: string) => string;
}

/** Source of the numbers: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const knownRefusals: readonly KnownRefusal[] = [
  {
    numbers: [7000215],
    problem: "wrong-secret",
    cure: (stack) =>
      `The application no longer has the secret. Confirm it with \`pulumi preview --stack ${stack}\`, and issue it again with \`pulumi up --stack ${stack}\`; then move the consumers.`,
  },
  {
    numbers: [7000222],
    problem: "expired-secret",
    cure: (stack) =>
      `Run \`pulumi up --stack ${stack}\`, which issues the secret that the schedule has for today; then move the consumers.`,
  },
  {
    numbers: [700027, 700024, 700030],
    problem: "unregistered-certificate",
    cure: (stack) =>
      `Check that the key belongs to a certificate that has not ended, and that this machine's clock is right. This registers it: \`pulumi up --stack ${stack}\``,
  },
  {
    numbers: [5002738, 5002730, 50032],
    problem: "unsupported-key",
    cure: () =>
      "Entra accepts signatures of RSA keys only: give the client a certificate with an RSA key of at least 2048 bits, or let the issuer sign its tokens with RS256.",
  },
  {
    numbers: [70021, 700211, 700212, 700213, 7002138, 700024],
    problem: "unmatched-federated-token",
    cure: (stack) =>
      `Make issuer, subject (or claims) and audience of the federated credential those of the token, and run \`pulumi up --stack ${stack}\`.`,
  },
  {
    numbers: [700016],
    problem: "unknown-application",
    cure: (stack) =>
      `The application or its service principal has been deleted, or this is another tenant. Run \`pulumi preview --stack ${stack}\` to see what is gone; a deleted application can be restored for 30 days.`,
  },
  {
    numbers: [7000112],
    problem: "disabled-application",
    cure: (stack) =>
      `Somebody has disabled the service principal. Find out why; this enables it again: \`pulumi up --stack ${stack}\``,
  },
  {
    numbers: [500011, 501051, 50105],
    problem: "missing-resource-api",
    cure: () =>
      `Register the resource provider (\`az provider register --namespace Microsoft.HealthcareApis --wait\`) or create the API's service principal (\`az ad sp create --id ${outsideFacts.dicomClientId.value}\`).`,
  },
  {
    numbers: [90002],
    problem: "unknown-tenant",
    cure: () => "Check the tenant and the cloud that the stack was deployed to.",
  },
  {
    numbers: [53003, 53000, 530003],
    problem: "refused-by-policy",
    cure: () =>
      "A Conditional Access policy for workload identities refuses this client from here: ask the tenant's administrator.",
  },
];

function refusal(text: string, stack: string): StageResult {
  const number = entraErrorNumber(text);
  const known = knownRefusals.find(({ numbers }) => number !== undefined && numbers.includes(number));
  return failed(
    "token",
    known?.problem ?? "unexpected",
    number === undefined ? (text.split("\n")[0] ?? "") : entraErrorText(text),
    known?.cure(stack) ??
      (number === undefined
        ? "Run it again; if it persists, check the service principal's sign-in log in Entra."
        : `See https://login.microsoftonline.com/error?code=${number}.`),
  );
}

import type { z } from "zod";
import type { CloudCall } from "./call";
import type { CallParameters } from "./callAddress";
import type { CloudClient } from "./cloudClient";
import { RefusedCall } from "./refusedCall";
import type { CoverageLog, Reading } from "./coverage";

/** Reads live objects, checks their form and notes in the coverage what could not be read. */
export class LiveReader {
  constructor(
    private readonly cloud: CloudClient,
    private readonly coverage: CoverageLog,
  ) {}

  /** One object. */
  one<S extends z.ZodType>(
    call: CloudCall,
    shape: S,
    client: string | null,
    parameters: CallParameters,
  ): Promise<Reading<z.infer<S>>> {
    return this.coverage.read(call, client, async () =>
      checked(call, shape, await this.cloud.read(call, parameters)),
    );
  }

  /** One object, or `absent` when it does not exist. */
  oneIfThere<S extends z.ZodType>(
    call: CloudCall,
    shape: S,
    client: string | null,
    parameters: CallParameters,
  ): Promise<Reading<z.infer<S> | "absent">> {
    return this.coverage.read<z.infer<S>, "absent">(
      call,
      client,
      async () => checked(call, shape, await this.cloud.read(call, parameters)),
      () => Promise.resolve({ value: "absent" }),
    );
  }

  /**
   * A whole collection.
   *
   * @param owner the object that it belongs to: when that does not exist, it is empty. Otherwise a collection that is not found has
   *   not been read, such as that of an object which is not replicated everywhere yet.
   */
  all<S extends z.ZodType>(
    call: CloudCall,
    shape: S,
    client: string | null,
    parameters: CallParameters = {},
    owner?: Promise<Reading<unknown>>,
  ): Promise<Reading<readonly z.infer<S>[]>> {
    return this.coverage.read<readonly z.infer<S>[], readonly never[]>(
      call,
      client,
      async () => (await this.cloud.readAll(call, parameters)).map((item) => checked(call, shape, item)),
      async () => ((await owner)?.value === "absent" ? { value: [] } : undefined),
    );
  }

  /** Takes note of what could not be asked for, because of what another answer says. */
  unasked(call: CloudCall, client: string | null, because: RefusedCall): Promise<Reading<never>> {
    return this.coverage.read<never>(call, client, () => Promise.reject(because));
  }

  /**
   * A whole collection, asked for with one query, or with several simpler ones when the service refuses that. It counts as one
   * reading.
   */
  allOrEach<S extends z.ZodType>(
    call: CloudCall,
    shape: S,
    parameters: CallParameters,
    simpler: { readonly call: CloudCall; readonly parameters: readonly CallParameters[] },
  ): Promise<Reading<readonly z.infer<S>[]>> {
    return this.coverage.read(call, null, async () => {
      const items = await this.cloud.readAll(call, parameters).catch(async (error: unknown) => {
        if (!(error instanceof RefusedCall && error.isAboutQuery)) throw error;
        const listings = await Promise.all(
          simpler.parameters.map((one) => this.cloud.readAll(simpler.call, one)),
        );
        return listings.flat();
      });
      return items.map((item) => checked(call, shape, item));
    });
  }
}

function checked<S extends z.ZodType>(call: CloudCall, shape: S, value: unknown): z.infer<S> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  throw new RefusedCall(call, 200, "", "the response has a form that this version does not know");
}

const identifier = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{43})$/;

/** Which id of this tenant stands for which id of a recording. */
export class IdMap {
  private readonly ids = new Map<string, string>();

  set(recorded: string, actual: string): void {
    this.ids.set(recorded, actual);
  }

  /** Puts this tenant's ids into recorded text. */
  translate(text: string): string {
    return [...this.ids].reduce(
      (translated, [recorded, actual]) => translated.replaceAll(recorded, actual),
      text,
    );
  }

  /** Learns from a recorded answer and the actual one: ids at the same place belong together. */
  learn(recorded: unknown, actual: unknown): void {
    if (typeof recorded === "string" && typeof actual === "string") {
      if (identifier.test(recorded) && identifier.test(actual) && !this.ids.has(recorded))
        this.set(recorded, actual);
    } else if (Array.isArray(recorded) && Array.isArray(actual)) {
      recorded.forEach((item, index) => {
        this.learn(item, actual[index]);
      });
    } else if (isObject(recorded) && isObject(actual)) {
      Object.keys(recorded).forEach((name) => {
        this.learn(recorded[name], actual[name]);
      });
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

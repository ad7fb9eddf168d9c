/** Values that the recorded directory made up: texts of permissions and display names, the cloud, the domain, a secret's hint. */
const invented = new Set(["x", "p", "r", "Local", "vault.local", "contoso.onmicrosoft.com", "aB1"]);
/** Values that differ from run to run; only their type is compared. */
const varying = /^(<\w+>|\d{4}-\d\d-\d\dT[\d:.]+Z?|https:\/\/127\.0\.0\.1:\d+.*)$/;

/**
 * Compares an answer with a recorded one: every recorded property is there, with the same type and, unless it varies, the same value.
 * Further properties are allowed: the recorded directory sent fewer than Graph does.
 * @param expected with this tenant's ids and address
 * @returns one line for each difference
 */
export function differences(expected: unknown, actual: unknown, path = ""): readonly string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path} is no list`];
    const counts = path === ".value" && expected.length !== actual.length;
    if (counts || expected.length > actual.length) {
      return [`${path} has ${String(actual.length)} items instead of ${String(expected.length)}`];
    }
    return expected.flatMap((item, index) => differences(item, actual[index], `${path}[${String(index)}]`));
  }
  if (expected !== null && typeof expected === "object") {
    if (actual === null || typeof actual !== "object") return [`${path} is no object`];
    const properties = actual as Record<string, unknown>;
    return Object.entries(expected).flatMap(([key, value]) =>
      key in properties
        ? differences(value, properties[key], `${path}.${key}`)
        : [`${path}.${key} is missing`],
    );
  }
  if (typeof expected !== typeof actual)
    return [`${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
  if (typeof expected === "string" && (invented.has(expected) || varying.test(expected))) return [];
  return expected === actual
    ? []
    : [`${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
}

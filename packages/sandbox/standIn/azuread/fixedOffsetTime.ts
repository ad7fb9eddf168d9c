/**
 * A time as the real plugin sends it: fractions of a second dropped, the offset kept as written. The input
 * has been checked to be RFC 3339.
 */
export function wholeSeconds(time: string): string {
  return time.replace(/\.\d+(?=Z|[+-])/, "");
}

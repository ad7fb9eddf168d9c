/**
 * Replaces a part of a guide that is generated: what lies between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws Error when the guide has no such part.
 */
export function withSection(guide: string, name: string, content: readonly string[]): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [guide.indexOf(begin), guide.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(`the guide has no place for the ${name}; mark it with ${begin} and ${end}`);
  }
  return [guide.slice(0, from + begin.length), ...content, guide.slice(to)].join("\n\n");
}

/** What stands in a shape's braces when a path has that shape, such as "jobs/{id}/batches"; undefined when it has not. */
export function matchPath(shape: string, path: string): Record<string, string> | undefined {
  const wanted = shape.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (segment.startsWith("{")) {
      if (given[index] === "") return undefined;
      try {
        params[segment.slice(1, -1)] = decodeURIComponent(given[index]);
      } catch {
        return undefined;
      }
    } else if (segment !== given[index]) return undefined;
  }
  return params;
}

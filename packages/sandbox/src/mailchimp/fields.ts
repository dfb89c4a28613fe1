interface Tree {
  [name: string]: Tree;
}

/**
 * What `fields` and `exclude_fields` leave of an answer: comma-separated paths with dots, which go through lists.
 * https://mailchimp.com/developer/marketing/docs/methods-parameters/#partial-responses
 */
export function partial(body: unknown, query: URLSearchParams): unknown {
  const fields = query.getAll("fields").join(",");
  const excluded = query.getAll("exclude_fields").join(",");
  if (fields !== "") return keep(body, treeOf(fields));
  return excluded === "" ? body : drop(body, treeOf(excluded));
}

/** Whether `fields` may ask for something under that name; true where nothing is asked for. */
export function asksFor(query: URLSearchParams, path: string): boolean {
  const fields = query.getAll("fields").join(",");
  if (fields === "") return true;
  return fields.split(",").some((field) => path.startsWith(field) || field.startsWith(path));
}

function treeOf(paths: string): Tree {
  const tree: Tree = Object.create(null);
  for (const path of paths.split(",")) {
    let at = tree;
    for (const name of path.trim().split(".")) {
      at[name] ??= Object.create(null);
      at = at[name];
    }
  }
  return tree;
}

const isLeaf = (tree: Tree) => Object.keys(tree).length === 0;

function keep(value: unknown, tree: Tree): unknown {
  if (isLeaf(tree)) return value;
  if (Array.isArray(value)) return value.map((item) => keep(item, tree));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name in tree)
      .map(([name, inner]) => [name, keep(inner, tree[name])]),
  );
}

function drop(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => drop(item, tree));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(name in tree && isLeaf(tree[name])))
      .map(([name, inner]) => [name, name in tree ? drop(inner, tree[name]) : inner]),
  );
}

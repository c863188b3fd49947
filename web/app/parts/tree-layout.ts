export interface TreeNode {
  readonly id: string;
  /** Null for a root; one that is not among the nodes counts as none. */
  readonly parentId: string | null;
}

/** Where a node is drawn, both counted from 0. */
export interface Place {
  /** Steps from the root. */
  readonly column: number;
  readonly row: number;
}

/** Places of the nodes of trees, each in the row of its first child, so that the line of first children is straight and no two meet. */
export function layoutTree(nodes: readonly TreeNode[]): ReadonlyMap<string, Place> {
  const known = new Set(nodes.map(({ id }) => id));
  const childrenOf = Map.groupBy(nodes, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null));
  const places = new Map<string, Place>();
  let row = 0;
  const place = (id: string, column: number): void => {
    places.set(id, { column, row });
    for (const [index, child] of (childrenOf.get(id) ?? []).entries()) {
      if (index > 0) row++;
      place(child.id, column + 1);
    }
  };
  for (const root of childrenOf.get(null) ?? []) {
    place(root.id, 0);
    row++;
  }
  return places;
}

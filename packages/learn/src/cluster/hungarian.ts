/**
 * The assignment of rows to columns with the least total cost, by shortest augmenting paths (Jonker & Volgenant 1987), O(n³).
 * `costs` is row-major. Gives the column of each row, -1 for rows left over when there are fewer columns.
 */
export function hungarian(costs: Float64Array, rows: number, columns: number): Int32Array {
  if (rows > columns) {
    const turned = new Float64Array(costs.length);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        turned[column * rows + row] = costs[row * columns + column];
    const found = new Int32Array(rows).fill(-1);
    hungarian(turned, columns, rows).forEach((row, column) => {
      found[row] = column;
    });
    return found;
  }
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(columns);
  const rowOf = new Int32Array(columns).fill(-1);
  const shortest = new Float64Array(columns);
  const previous = new Int32Array(columns);
  for (let start = 0; start < rows; start++) {
    shortest.fill(Infinity);
    const done = new Uint8Array(columns);
    let row = start;
    let column = -1;
    let reached = 0;
    do {
      let next = -1;
      for (let other = 0; other < columns; other++) {
        if (done[other]) continue;
        const length = reached + costs[row * columns + other] - rowPrice[row] - columnPrice[other];
        if (length < shortest[other]) {
          shortest[other] = length;
          previous[other] = column;
        }
        if (next < 0 || shortest[other] < shortest[next]) next = other;
      }
      column = next;
      reached = shortest[column];
      done[column] = 1;
      row = rowOf[column];
    } while (row >= 0);
    // prices along the tree keep every reduced cost at 0 or above
    rowPrice[start] += reached;
    for (let other = 0; other < columns; other++)
      if (done[other] && other !== column) {
        rowPrice[rowOf[other]] += reached - shortest[other];
        columnPrice[other] -= reached - shortest[other];
      }
    while (column >= 0) {
      const before = previous[column];
      rowOf[column] = before >= 0 ? rowOf[before] : start;
      column = before;
    }
  }
  const columnOf = new Int32Array(rows).fill(-1);
  rowOf.forEach((row, column) => {
    if (row >= 0) columnOf[row] = column;
  });
  return columnOf;
}

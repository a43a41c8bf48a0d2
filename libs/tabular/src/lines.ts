import type { Row, Value } from './table.js';

/**
 * Writes rows as lines, one after the other. A row mostly repeats the one before it at both ends: what stands
 * before the first cell that is another, and behind the last one, is kept as text.
 *
 * @param fronts what stands before the cell of each column
 * @param textOf the same for values that are the same by `===`
 */
export function lineWriter(
  fronts: readonly string[],
  textOf: (value: Value) => string,
  end: string,
): (row: Row) => string {
  const values: Value[] = [];
  const cells: string[] = [];
  let head = { text: '', to: 0 };
  let tail = { text: '', from: -1 };
  return (row) => {
    let first = 0;
    let last = fronts.length - 1;
    while (first < last && row[first] === values[first]) first += 1;
    while (last > first && row[last] === values[last]) last -= 1;
    for (let index = first; index <= last; index += 1) {
      const value = row[index]!;
      if (value === values[index]) continue;
      values[index] = value;
      cells[index] = fronts[index] + textOf(value);
    }
    // Joined, since many pieces added up would be put together anew in each line.
    if (head.to !== first) head = { text: cells.slice(0, first).join(''), to: first };
    if (tail.from !== last) tail = { text: [...cells.slice(last + 1), end].join(''), from: last };
    let line = head.text + cells[first];
    for (let index = first + 1; index <= last; index += 1) line += cells[index];
    return line + tail.text;
  };
}

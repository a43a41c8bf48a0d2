/** Where the numbers of what not everyone may know of begin: among the others' they would show as gaps. */
const NOT_FOR_EVERYONE = 100_001;

/** The number in which an id of a casebook ends. */
export const numberOf = (id: string) => Number(/\d+$/.exec(id)![0]);

/**
 * Numbers for what comes next in a casebook, one after the other.
 *
 * @param ids of what is there already, which end in their numbers
 */
export function nextNumbers(ids: readonly string[]): (isForEveryone: boolean) => number {
  const numbers = ids.map(numberOf);
  const after = (first: number, own: readonly number[]) => Math.max(first - 1, ...own) + 1;
  let open = after(
    1,
    numbers.filter((one) => one < NOT_FOR_EVERYONE),
  );
  let hidden = after(NOT_FOR_EVERYONE, numbers);
  return (isForEveryone) => (isForEveryone ? open++ : hidden++);
}

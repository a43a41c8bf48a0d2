/**
 * Does `work` on every item, at most `width` at a time, taking the items in their order. After a failure no
 * further item is taken; what is under way is finished before the failure is thrown.
 */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // A generator that one worker leaves by an error is at its end for all of them.
  const rest = each(items);
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  const outcomes = await Promise.allSettled(Array.from({ length: width }, worker));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
}

function* each<T>(items: Iterable<T>): Generator<T> {
  yield* items;
}

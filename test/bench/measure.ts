/** One measured thing: how many a second, and how long one took (milliseconds). */
export interface Measure {
  rate: number;
  p50: number;
  p99: number;
}

/** `workers` loops of `act` side by side for `milliseconds`, after a short warm-up that does not count. */
export async function closedLoop(
  workers: number,
  milliseconds: number,
  act: (worker: number) => Promise<void>,
): Promise<Measure> {
  await loop(workers, milliseconds / 4, act);
  const started = performance.now();
  const times = await loop(workers, milliseconds, act);
  const seconds = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  return { rate: times.length / seconds, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function loop(
  workers: number,
  milliseconds: number,
  act: (worker: number) => Promise<void>,
): Promise<number[]> {
  const end = performance.now() + milliseconds;
  const times: number[] = [];
  const work = async (worker: number) => {
    for (let before = performance.now(); before < end; ) {
      await act(worker);
      const after = performance.now();
      times.push(after - before);
      before = after;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return times;
}

/** Of sorted values. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** The round whose rate is the median one. */
export function medianRound(rounds: readonly Measure[]): Measure {
  return [...rounds].sort((a, b) => a.rate - b.rate)[Math.floor(rounds.length / 2)]!;
}

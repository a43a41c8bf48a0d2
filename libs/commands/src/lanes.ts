/** Lets the work of one lane run one at a time, in order of arrival; lanes do not wait for each other. */
export class Lanes {
  private readonly ends = new Map<string, Promise<unknown>>();

  enter<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const before = this.ends.get(lane);
    const result = before ? before.then(work, work) : work();
    this.ends.set(lane, result);
    const leave = () => {
      if (this.ends.get(lane) === result) this.ends.delete(lane);
    };
    result.then(leave, leave);
    return result;
  }
}

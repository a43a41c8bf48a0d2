/** Work that a service does of itself, again and again: once it is started, and so long after it was done. */
export class Recurring {
  private stopped = false;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param work may take its time, and looks at `isStopped` meanwhile
   * @param onFault told of what work throws; it is tried again all the same
   */
  constructor(
    private readonly milliseconds: number,
    private readonly work: (isStopped: () => boolean) => Promise<void>,
    private readonly onFault: (error: unknown) => void,
  ) {}

  start(): void {
    this.working = this.work(() => this.stopped)
      .catch((error) => {
        if (!this.stopped) this.onFault(error);
      })
      .then(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.start(), this.milliseconds).unref();
      });
  }

  /** Waits for what is being done. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }
}

/** Told how far a sync is. */
export interface SyncProgress {
  /** `done` of `all` datasets are ready, and `name` comes next. */
  dataset(name: string, done: number, all: number): void;
  note(line: string): void;
  end(): void;
}

const WIDTH = 24;

/** A bar on a terminal, a line for each dataset elsewhere. */
export function progressOn(stream: { isTTY?: boolean; write(text: string): unknown }): SyncProgress {
  const clear = stream.isTTY ? '\r\x1b[2K' : '';
  return {
    dataset(name, done, all) {
      const bar = '#'.repeat(Math.floor((done / all) * WIDTH)).padEnd(WIDTH, '.');
      stream.write(stream.isTTY ? `${clear}[${bar}] ${done}/${all} ${name}` : `${done + 1}/${all} ${name}\n`);
    },
    note: (line) => stream.write(`${clear}${line}\n`),
    end: () => stream.write(clear),
  };
}

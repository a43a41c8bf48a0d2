import { Socket } from 'node:net';
import { Client, type ClientConfig, Query, type QueryConfig } from 'pg';

/** A connection that sends statements without waiting for the answers of those before. */
export class PipelinedClient extends Client {
  private readonly socket: Socket;

  constructor(config: ClientConfig) {
    const socket = new Socket();
    super({ ...config, pipeline: true, stream: () => socket } as ClientConfig);
    this.socket = socket;
  }

  /**
   * Sends them in one packet, as far as they fit; waits until all are answered. The name is set afterwards because
   * a statement that is given whole is first copied property by property, which costs more than a leaf hash.
   *
   * @throws what the first that failed was answered
   */
  together(statements: readonly QueryConfig[]): Promise<void> {
    return new Promise((resolve, reject) => {
      let unanswered = statements.length;
      let failure: Error | undefined;
      const answered = (error?: Error | null) => {
        failure ??= error ?? undefined;
        unanswered -= 1;
        if (unanswered > 0) return;
        if (failure) reject(failure);
        else resolve();
      };
      this.socket.cork();
      for (const { name, text, values } of statements) {
        this.query(Object.assign(new Query(text, values, answered), { name }));
      }
      this.socket.uncork();
    });
  }
}

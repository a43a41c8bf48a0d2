import { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';

/** A connection that sends statements without waiting for the answers of those before. */
export class PipelinedClient extends Client {
  private readonly socket: Socket;

  constructor(config: ClientConfig) {
    const socket = new Socket();
    super({ ...config, pipeline: true, stream: () => socket } as ClientConfig);
    this.socket = socket;
  }

  /** What `send` sends goes out in one packet, as far as it fits. */
  together<T>(send: () => T): T {
    this.socket.cork();
    try {
      return send();
    } finally {
      this.socket.uncork();
    }
  }
}

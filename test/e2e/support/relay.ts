import { connect, createServer, type Server, type Socket } from "node:net";

/** A port that stays the same while the service behind it changes, and whose connections can be cut. */
export class Relay implements AsyncDisposable {
  readonly #open = new Set<Socket>();
  #targetPort = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Relay> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const relay = new Relay(server, `http://127.0.0.1:${port}`);
    server.on("connection", (socket) => relay.#pass(socket));
    return relay;
  }

  /** Passes new connections on to a service. */
  to(serviceUrl: string): void {
    this.#targetPort = Number(new URL(serviceUrl).port);
  }

  /** Cuts all connections, as a network does. @returns how many there were */
  cut(): number {
    const sockets = [...this.#open];
    for (const socket of sockets) socket.resetAndDestroy();
    return sockets.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #pass(socket: Socket): void {
    const onward = connect(this.#targetPort, "127.0.0.1");
    this.#open.add(socket);
    const end = () => {
      this.#open.delete(socket);
      socket.destroy();
      onward.destroy();
    };
    for (const side of [socket, onward]) side.on("error", end).on("close", end);
    socket.pipe(onward).pipe(socket);
  }
}

import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyReply, FastifyRequest } from "fastify";
import { errorBody } from "./error-presenter.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
  ".map": "application/json",
};

/** Named, and not with a weight of 0, which means: never. */
const takesGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;

/** The files of a page that was built from `web/`. They hold no data, so they need no key. */
export class BuiltPage {
  /**
   * @param name as people call it
   * @param workerSources where its workers come from; a page that has none leaves it at nowhere
   */
  constructor(
    private readonly name: string,
    private readonly folder: string,
    private readonly workerSources = "'none'",
  ) {}

  async page(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = join(this.folder, "index.html");
    if (!(await isFile(path))) {
      const missing = `The ${this.name} has not been built: run \`npm run build\`.`;
      return reply.code(404).send(errorBody("NOT_FOUND", missing, request.id));
    }
    return reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", this.#policy(request.headers.host))
      .header("cache-control", "no-cache")
      .send(await readFile(path, "utf8"));
  }

  /** @param name of a file in the assets folder; anything that could lead out of it is not found */
  async asset(request: FastifyRequest, reply: FastifyReply, name: string): Promise<FastifyReply> {
    const type = contentTypes[extname(name)];
    const path = join(this.folder, "assets", name);
    if (!type || !/^[\w-][\w.-]*$/.test(name) || !(await isFile(path))) {
      return reply.code(404).send(errorBody("NOT_FOUND", "There is no such file.", request.id));
    }
    // Their names carry a hash of their content.
    reply.type(type).header("cache-control", "public, max-age=31536000, immutable");
    reply.header("vary", reply.hasHeader("vary") ? "Origin, Accept-Encoding" : "Accept-Encoding");
    const compressed = `${path}.gz`;
    if (!takesGzip.test(request.headers["accept-encoding"] ?? "") || !(await isFile(compressed)))
      return reply.send(createReadStream(path));
    return reply.header("content-encoding", "gzip").send(createReadStream(compressed));
  }

  /** Nothing from elsewhere; components write styles into the page. Not every browser takes sockets for part of 'self'. */
  #policy(host: string | undefined): string {
    const sockets = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : "";
    return [
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self' data:",
      `worker-src ${this.workerSources}`,
      `connect-src 'self'${sockets}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; ");
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return false;
    throw error;
  }
}

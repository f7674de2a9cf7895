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

/** Nothing from elsewhere; the editor writes styles into the page, and its workers come from our own files. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The files of the built playground. They hold no data, so they need no key. */
export class Playground {
  constructor(private readonly folder: string) {}

  async page(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = join(this.folder, "index.html");
    if (!(await isFile(path))) return reply.code(404).send(notBuilt(request.id));
    return reply
      .type("text/html; charset=utf-8")
      .header("content-security-policy", contentSecurityPolicy)
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
    return reply.type(type).header("cache-control", "public, max-age=31536000, immutable").send(createReadStream(path));
  }
}

function notBuilt(requestId: string) {
  return errorBody("NOT_FOUND", "The playground has not been built: run `npm run build`.", requestId);
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

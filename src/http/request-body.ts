import type { FastifyInstance } from "fastify";
import { BodyRefused } from "./request-error.ts";

/** Takes JSON in UTF-8 as it is sent, and nothing else: what is compressed could become any size. */
export function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const refusal = refusalOf(request.headers);
    if (refusal) {
      done(refusal);
      return;
    }
    try {
      parse(request, typeof body === "string" ? body : decoder.decode(body), done);
    } catch (error) {
      done(new BodyRefused(400, "BAD_REQUEST", "The body is not valid UTF-8.", { cause: error }));
    }
  });
}

/** Throws at the first byte that is not UTF-8. */
const decoder = new TextDecoder("utf-8", { fatal: true });

function refusalOf(headers: Readonly<Record<string, unknown>>): BodyRefused | undefined {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity")
    return new BodyRefused(415, "UNSUPPORTED_MEDIA_TYPE", "The body must not be compressed.");
  const charset = /;\s*charset\s*=\s*"?([^;"\s]+)/i.exec(String(headers["content-type"]))?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    return new BodyRefused(415, "UNSUPPORTED_MEDIA_TYPE", "The charset must be UTF-8.");
  return undefined;
}

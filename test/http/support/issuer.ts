import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { onTestFinished } from "vitest";
import { RemoteKeys } from "../../../src/http/tokens/remote-keys.ts";
import { TokenCallers, type TokenRules } from "../../../src/http/tokens/token-callers.ts";
import type { Clock } from "../../../src/kit/clock.ts";
import { silentLogger } from "../../../src/kit/logger.ts";

const issuer = "https://issuer.example";
const audience = "tenantry";

/** An issuer of tokens that shows its keys over HTTP on this machine. */
export class Issuer {
  /** How often its keys were asked for. */
  asked = 0;
  /** What it answers with; absent: its keys. */
  answer: { readonly status: number; readonly body: string } | undefined;
  readonly #shown: JWK[] = [];
  #signing: { readonly kid: string; readonly key: CryptoKey; readonly alg: string } | undefined;
  #url = "";

  #server: Server | undefined;

  /** Starts it with one key, until the test ends. */
  static async start(alg = "RS256"): Promise<Issuer> {
    const made = await Issuer.open(alg);
    onTestFinished(() => made.close());
    return made;
  }

  /** Starts it with one key, until it is closed. */
  static async open(alg = "RS256"): Promise<Issuer> {
    const made = new Issuer();
    const server = createServer((_request, response) => {
      made.asked += 1;
      const { status, body } = made.answer ?? { status: 200, body: JSON.stringify({ keys: made.#shown }) };
      response.writeHead(status, { "content-type": "application/json" }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    made.#server = server;
    const address = server.address();
    made.#url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/jwks`;
    await made.change("first", alg);
    return made;
  }

  get url(): string {
    return this.#url;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Signs with a new key from now on, and shows no other. */
  async change(kid: string, alg = "RS256"): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.#signing = { kid, key: privateKey, alg };
    this.#shown.splice(0, this.#shown.length, { ...(await exportJWK(publicKey)), kid, alg, use: "sig" });
  }

  /** The key that it shows, as whoever reads it sees it. */
  get shown(): JWK {
    return this.#shown[0] ?? {};
  }

  /** A token for an hour from `now`, of an OPERATOR, but for what is given; undefined takes a claim out. */
  async token(now: Date, claims: Partial<Record<string, unknown>> = {}): Promise<string> {
    if (!this.#signing) throw new TypeError("It has no key.");
    const at = Math.floor(now.getTime() / 1_000);
    const usual = { iss: issuer, aud: audience, sub: "alice", iat: at, exp: at + 3_600, roles: ["OPERATOR"] };
    const payload: JWTPayload = JSON.parse(JSON.stringify({ ...usual, ...claims }));
    const { key, kid, alg } = this.#signing;
    return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key);
  }

  /** Who trusts it. */
  callers(clock: Clock, rules: Partial<TokenRules> = {}): TokenCallers {
    const roles = new Map((["VIEWER", "OPERATOR", "ADMIN"] as const).map((role) => [role as string, role]));
    const usual = { issuer, audience, algorithms: ["RS256", "ES256", "EdDSA"], roleClaim: "roles", roles };
    const { find } = new RemoteKeys(this.url, clock, silentLogger);
    return new TokenCallers({ ...usual, ...rules }, find, clock, silentLogger);
  }
}

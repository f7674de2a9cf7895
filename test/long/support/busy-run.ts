import { randomBytes } from "node:crypto";
import type { Stage } from "../../e2e/support/stage.ts";
import { jobEnded } from "../../e2e/support/steps.ts";
import { RawSocket } from "../../http/support/raw-socket.ts";
import { ApiClient } from "../../support/client.ts";

/** A client that keeps every answer, as text. */
class RecordingClient extends ApiClient {
  constructor(
    url: string,
    key: string | undefined,
    private readonly answers: string[],
  ) {
    super(url, key);
  }

  override async post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const response = await super.post(body, headers);
    // Where a secret is given out, it is meant to be there.
    const mayHold = /revealTenantConnection|createApiKey/.test(body);
    const shown = [...response.headers].flat().join("\n");
    this.answers.push(mayHold ? shown : `${shown}\n${await response.clone().text()}`);
    return response;
  }
}

/** What the API answered where it should have done something. */
interface Done {
  readonly job?: { readonly id: string } | null;
  readonly testRun?: { readonly id: string; readonly job: { readonly id: string } } | null;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

/** Everything that can be done with a service, done in a row; every answer is kept, and every secret that was given out. */
export class BusyRun {
  readonly answers: string[] = [];
  /** By what each is called. */
  readonly secrets = new Map<string, string>();

  constructor(private readonly stage: Stage) {}

  get api(): ApiClient {
    return this.as(this.stage.adminKey);
  }

  as(key: string | undefined): ApiClient {
    return new RecordingClient(this.stage.service.url, key, this.answers);
  }

  /** Runs a mutation with one root field and waits for its job. @returns how the job ended; undefined for a refusal */
  async do(document: string, variables: Record<string, unknown> = {}): Promise<string | undefined> {
    const data = await this.api.data<Record<string, Done>>(document, variables);
    const [done] = Object.values(data);
    const job = done?.job?.id ?? done?.testRun?.job.id;
    if (!job) return undefined;
    const { status } = await jobEnded(() => this.api, job, 120_000);
    await this.#watch(job);
    return status;
  }

  /** The ids of tenants, by slug. */
  async tenants(): Promise<ReadonlyMap<string, string>> {
    const { tenants } = await this.api.data<{ tenants: { nodes: { id: string; slug: string }[] } }>(
      "{ tenants(first: 100) { nodes { id slug status statusReason findings { message } } } }",
    );
    return new Map(tenants.nodes.map(({ slug, id }) => [slug, id]));
  }

  async reveal(name: string, id: string): Promise<void> {
    const { revealTenantConnection: revealed } = await this.api.data<{
      revealTenantConnection: { connection: { password: string } | null };
    }>(
      'mutation($id: ID!) { revealTenantConnection(input: { id: $id, reason: "redaction" }) { connection { password } } }',
      { id },
    );
    if (!revealed.connection) throw new Error(`No connection of ${name} was revealed.`);
    this.secrets.set(name, revealed.connection.password);
  }

  /** Makes a key, uses it, ends it and uses it again. */
  async tryKey(role: string): Promise<void> {
    const { createApiKey: made } = await this.api.data<{ createApiKey: { secret: string; apiKey: { id: string } } }>(
      `mutation { createApiKey(input: { name: "busy", role: ${role} }) { secret apiKey { id } userErrors { code } } }`,
    );
    this.secrets.set(`key of a ${role}`, made.secret);
    const caller = this.as(made.secret);
    await caller.send("{ viewer { id name role } apiKeys { id } }");
    await this.#overSocket(made.secret);
    await this.api.send("mutation($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }", {
      id: made.apiKey.id,
    });
    await caller.send("{ viewer { id } }");
    await this.#overSocket(made.secret);
  }

  /** Comes with a token, or what looks like one. */
  async tryToken(name: string, token: string): Promise<void> {
    this.secrets.set(name, token);
    await this.as(token).send("{ viewer { id name role } auditLog { totalCount } }");
    await this.#overSocket(token);
  }

  /** What is malformed, wrong or hostile, with a key and without. */
  async misbehave(): Promise<void> {
    const wrong = `tnk_${randomBytes(32).toString("base64url")}`;
    this.secrets.set("a key that nobody has", wrong);
    for (const caller of [this.api, this.as(wrong), this.as(undefined)]) {
      await caller.post("{ nope");
      await caller.post("[]");
      await caller.post(JSON.stringify({ query: `{ ${"a { ".repeat(60)} }` }));
      await caller.post(JSON.stringify({ query: `{ ${"viewr ".repeat(5_000)} }` }));
      await caller.post(JSON.stringify({ query: "{ viewer { nam } }" }));
      await caller.post(JSON.stringify({ query: "query($id: ID!) { tenant(id: $id) { id } }", variables: { id: {} } }));
      await caller.post("{}", { "content-type": "text/plain" });
      await caller.post("{}", { "content-encoding": "gzip" });
    }
    await this.#overSocket(wrong);
  }

  /** Reads everything that was written about all this. */
  async readBack(): Promise<void> {
    const error = "error { code message }";
    await this.api.send(`{ jobs(first: 100) { nodes { id kind ${error} progress { phase }
      items(first: 100) { nodes { status ${error} } } findings(first: 100) { nodes { message object expected actual } } } } }`);
    await this.api.send("{ findings(first: 100) { nodes { message object expected actual } } }");
    await this.api.send(`{ testRuns(first: 100) { nodes { recommendations results(first: 20) { nodes { message errorCode
      ... on IsolationTestResult { checks { kind evidence } } } } } } }`);
    await this.api.send("{ auditLog(first: 100) { nodes { actor action subject result requestId note } } }");
    await this.api.send("{ metrics { at } databaseServers { name host version } apiKeys { name prefix } }");
    const page = await fetch(`${this.stage.service.url}/metrics`, {
      headers: { authorization: `Bearer ${this.stage.adminKey}` },
    });
    this.answers.push(await page.text());
  }

  async #watch(id: string): Promise<void> {
    const { api } = this;
    for await (const event of api.stream(
      "subscription($id: ID!) { jobProgress(id: $id) { message progress { phase } } }",
      { id },
    )) {
      this.answers.push(JSON.stringify(event));
    }
    await api.close();
  }

  async #overSocket(key: string): Promise<void> {
    const socket = new RawSocket(this.stage.service.url);
    await socket.send({ type: "connection_init", payload: { authorization: `Bearer ${key}` } });
    const first = await Promise.race([socket.next(), socket.closed]);
    this.answers.push(JSON.stringify(first));
    if (!JSON.stringify(first).includes("connection_ack")) return;
    await socket.subscribe("1", "{ viewer { id name role } nope }");
    this.answers.push(JSON.stringify(await socket.next()));
    await socket.send("{ nope");
    this.answers.push(JSON.stringify(await socket.closed));
  }
}

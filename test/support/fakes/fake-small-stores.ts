import type { ApiKey, ApiKeyStore } from "../../../src/access/api-key.ts";
import type { AuditLog, AuditNote } from "../../../src/access/audit.ts";
import type { Origin, Role } from "../../../src/kit/actor.ts";
import { InvalidState, LimitExceeded, NotFound } from "../../../src/kit/domain-error.ts";
import type { ApiKeyId, ServerId } from "../../../src/kit/ids.ts";
import type { DatabaseServer, ServerStore } from "../../../src/servers/database-server.ts";
import type { ScratchObject, ScratchStore } from "../../../src/servers/scratch-store.ts";
import { by, type FakeRegistry } from "./fake-registry.ts";

/** Database servers in memory. */
export class FakeServerStore implements ServerStore {
  constructor(private readonly registry: FakeRegistry) {}

  async list(): Promise<readonly DatabaseServer[]> {
    return [...this.registry.servers.values()].sort((a, b) => by(a.name, b.name));
  }

  async findMany(ids: readonly ServerId[]): Promise<readonly DatabaseServer[]> {
    return [...new Set(ids)].flatMap((id) => this.registry.servers.get(id) ?? []);
  }

  async ensure(server: DatabaseServer): Promise<DatabaseServer> {
    const known = [...this.registry.servers.values()].find(({ name }) => name === server.name);
    const { host, port, engine, version } = server;
    const now = known ? { ...known, host, port, engine, version: version ?? known.version } : server;
    this.registry.servers.set(now.id, now);
    return now;
  }

  async observe(
    id: ServerId,
    seen: { readonly status: "ONLINE" | "UNREACHABLE"; readonly version?: string | undefined; readonly at: Date },
  ): Promise<void> {
    const server = this.registry.servers.get(id);
    if (!server) return;
    this.registry.servers.set(id, {
      ...server,
      status: server.status === "CORDONED" ? "CORDONED" : seen.status,
      version: seen.version ?? server.version,
      lastContactAt: seen.status === "ONLINE" ? seen.at : server.lastContactAt,
    });
  }

  async tenantCounts(ids: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>> {
    const living = [...this.registry.tenants.values()].filter(({ tenant }) => tenant.status !== "DELETED");
    return new Map(ids.map((id) => [id, living.filter(({ tenant }) => tenant.serverId === id).length]));
  }
}

/** Scratch objects in memory. */
export class FakeScratchStore implements ScratchStore {
  constructor(private readonly registry: FakeRegistry) {}

  remember(name: string, serverId: ServerId, purpose: string): Promise<void> {
    return this.rememberAll([name], serverId, purpose);
  }

  async rememberAll(names: readonly string[], serverId: ServerId, purpose: string): Promise<void> {
    for (const name of names) {
      const createdAt = this.registry.scratch.get(name)?.createdAt ?? this.registry.clock.now();
      this.registry.scratch.set(name, { name, serverId, purpose, createdAt });
    }
  }

  forget(name: string): Promise<void> {
    return this.forgetAll([name]);
  }

  async forgetAll(names: readonly string[]): Promise<void> {
    for (const name of names) this.registry.scratch.delete(name);
  }

  async listOlderThan(before: Date, limit: number, after?: ScratchObject): Promise<readonly ScratchObject[]> {
    const older = [...this.registry.scratch.values()].filter(({ createdAt }) => createdAt < before);
    const order = (a: ScratchObject, b: ScratchObject) =>
      a.createdAt.getTime() - b.createdAt.getTime() || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
    return older
      .filter((one) => !after || order(one, after) > 0)
      .sort(order)
      .slice(0, limit);
  }

  async listByPurpose(purpose: string): Promise<readonly ScratchObject[]> {
    const meant = [...this.registry.scratch.values()].filter((object) => object.purpose === purpose);
    return meant.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** API keys in memory. */
export class FakeApiKeyStore implements ApiKeyStore {
  constructor(private readonly registry: FakeRegistry) {}

  async ensure(key: ApiKey, hash: string): Promise<ApiKey> {
    const known = await this.findByHash(hash);
    if (!known) this.registry.apiKeys.set(key.id, { key, hash });
    return known ?? key;
  }

  async findByHash(secretHash: string): Promise<ApiKey | undefined> {
    return [...this.registry.apiKeys.values()].find(({ hash }) => hash === secretHash)?.key;
  }

  async find(id: ApiKeyId): Promise<ApiKey | undefined> {
    return this.registry.apiKeys.get(id)?.key;
  }

  async hasLive(role: Role, now: Date): Promise<boolean> {
    return this.#live(now).some((key) => key.role === role);
  }

  async findMany(ids: readonly ApiKeyId[]): Promise<readonly ApiKey[]> {
    return ids.flatMap((id) => this.registry.apiKeys.get(id)?.key ?? []);
  }

  async list(limit: number): Promise<readonly ApiKey[]> {
    const all = [...this.registry.apiKeys.values()].map(({ key }) => key);
    return all.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || by(b.id, a.id)).slice(0, limit);
  }

  async add(key: ApiKey, hash: string, maxLive: number, origin: Origin): Promise<ApiKey> {
    if (this.#live(key.createdAt).length >= maxLive) throw new LimitExceeded(`There are ${maxLive} live keys.`);
    this.registry.apiKeys.set(key.id, { key, hash });
    this.registry.audit.push({ origin, action: "createApiKey", subject: `ApiKey:${key.id}`, result: "OK" });
    return key;
  }

  async revoke(id: ApiKeyId, at: Date, origin: Origin): Promise<ApiKey> {
    const entry = this.registry.apiKeys.get(id);
    if (!entry) throw new NotFound("There is no such API key.", { field: ["input", "id"] });
    if (entry.key.revokedAt) return entry.key;
    const admins = this.#live(at).filter(({ role }) => role === "ADMIN");
    if (admins.length === 1 && admins[0] === entry.key)
      throw new InvalidState("The last live ADMIN key cannot be revoked.", { field: ["input", "id"] });
    entry.key = { ...entry.key, revokedAt: at };
    this.registry.audit.push({ origin, action: "revokeApiKey", subject: `ApiKey:${id}`, result: "OK" });
    return entry.key;
  }

  #live(now: Date): readonly ApiKey[] {
    const all = [...this.registry.apiKeys.values()].map(({ key }) => key);
    return all.filter((key) => !key.revokedAt && (!key.expiresAt || key.expiresAt > now));
  }

  async touch(id: ApiKeyId, usedAt: Date): Promise<void> {
    const entry = this.registry.apiKeys.get(id);
    if (!entry || (entry.key.lastUsedAt && entry.key.lastUsedAt > usedAt)) return;
    entry.key = { ...entry.key, lastUsedAt: usedAt };
  }
}

/** The audit log in memory. */
export class FakeAuditLog implements AuditLog {
  constructor(private readonly registry: FakeRegistry) {}

  async append(note: AuditNote): Promise<void> {
    this.registry.audit.push(note);
  }
}

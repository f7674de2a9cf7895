import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Secret } from "../kit/secret.ts";
import { StartRefused } from "../kit/start-refused.ts";
import { makePrivateFolder, readIfThere, writePrivateFile } from "./private-file.ts";

/** The key that opens the stored passwords is gone; a new one would make them unreadable for ever. */
export class EncryptionKeyLost extends StartRefused {
  constructor(path: string) {
    super(
      `The encryption key ${path} is missing, but the database beside it is there. Put the file back, or give the key with TENANTRY_ENCRYPTION_KEY.`,
    );
  }
}

/** The keys that tenantry generates for itself, each a file of mode 0600 in the data directory. */
export class KeyFiles {
  constructor(private readonly dataDir: string) {}

  /** Base64 of the 32 bytes that seal the stored passwords; made when there is no database yet. @throws EncryptionKeyLost */
  async encryptionKey(databaseExists: boolean): Promise<Secret> {
    const path = join(this.dataDir, "encryption.key");
    const text = await readIfThere(path);
    if (text !== undefined) return new Secret(text.trim());
    if (databaseExists) throw new EncryptionKeyLost(path);
    const key = randomBytes(32).toString("base64");
    await makePrivateFolder(this.dataDir);
    await writePrivateFile(path, `${key}\n`);
    return new Secret(key);
  }

  /** The ADMIN API key that was generated at the first start, for the command line on the same machine. */
  async adminKey(): Promise<Secret | undefined> {
    const text = await readIfThere(this.#adminKeyPath);
    return text === undefined ? undefined : new Secret(text.trim());
  }

  async saveAdminKey(key: Secret): Promise<void> {
    await makePrivateFolder(this.dataDir);
    await writePrivateFile(this.#adminKeyPath, `${key.reveal()}\n`);
  }

  get #adminKeyPath(): string {
    return join(this.dataDir, "admin.key");
  }
}

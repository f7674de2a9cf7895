import { GraphQLError, parse } from "graphql";
import { LRUCache } from "lru-cache";
import { DomainError } from "../../kit/domain-error.ts";
import { maxTokens } from "../limits/document-limits.ts";
import { canonicalText } from "./canonical-document.ts";
import { hashNamed, sha256 } from "./document-manifest.ts";

/** The document of a request, as a client may name it. */
export interface AskedDocument {
  readonly query?: unknown;
  /** `sha256:` and the hash in hexadecimal. */
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/** A document that is not there under its hash, is not the one that the hash names, or is not trusted. */
export class DocumentRefused extends DomainError {
  constructor(
    readonly code:
      | "BAD_REQUEST"
      | "DOCUMENT_NOT_TRUSTED"
      | "PERSISTED_QUERY_NOT_FOUND"
      | "PERSISTED_QUERY_NOT_SUPPORTED",
    message: string,
  ) {
    super(message);
  }
}

/** Characters of sent texts that are remembered to be trusted. */
const remembered = 2_000_000;

/** Documents that were known when the service started: clients ask for them by hash, and may be held to them. */
export class TrustedDocuments {
  readonly #canonical: ReadonlySet<string>;
  readonly #trusted = new LRUCache<string, true>({
    maxSize: remembered,
    sizeCalculation: (_, text) => text.length + 1,
  });

  /**
   * @param byHash texts by their SHA-256 in hexadecimal
   * @param only whether anything else is refused
   */
  constructor(
    private readonly byHash: ReadonlyMap<string, string>,
    private readonly only: boolean,
  ) {
    this.#canonical = new Set(only ? [...byHash.values()].flatMap((text) => canonicalTextOf(text) ?? []) : []);
  }

  /** Nothing is known by its hash, and nothing refused. */
  static none(): TrustedDocuments {
    return new TrustedDocuments(new Map(), false);
  }

  /** @returns the text to run; undefined when the request names no document @throws DocumentRefused */
  textOf(asked: AskedDocument): string | undefined {
    const hash = hashOf(asked);
    const text = typeof asked.query === "string" && asked.query !== "" ? asked.query : undefined;
    if (hash !== undefined) {
      const known = this.byHash.get(hash);
      if (known !== undefined && text !== undefined && sha256(text) !== hash)
        throw new DocumentRefused("BAD_REQUEST", "The document is not the one that its hash names.");
      if (known !== undefined) return known;
      if (this.byHash.size === 0)
        throw new DocumentRefused("PERSISTED_QUERY_NOT_SUPPORTED", "This service knows no documents by their hash.");
      if (text === undefined)
        throw new DocumentRefused("PERSISTED_QUERY_NOT_FOUND", "This service knows no document with this hash.");
    }
    if (text === undefined || !this.only || this.#trusts(text)) return text;
    throw new DocumentRefused("DOCUMENT_NOT_TRUSTED", "This service runs only documents that it was given to trust.");
  }

  #trusts(text: string): boolean {
    if (this.#trusted.has(text)) return true;
    const canonical = canonicalTextOf(text);
    if (canonical === undefined || !this.#canonical.has(canonical)) return false;
    this.#trusted.set(text, true);
    return true;
  }
}

/** Undefined for what cannot be read. */
function canonicalTextOf(text: string): string | undefined {
  try {
    return canonicalText(parse(text, { maxTokens, noLocation: true }));
  } catch (error) {
    // A RangeError is a document nested deeper than the stack.
    if (error instanceof GraphQLError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The hash by which a request names its document, in one of the two forms in use. @throws DocumentRefused */
function hashOf({ documentId, extensions }: AskedDocument): string | undefined {
  const persisted = propertyOf(extensions, "persistedQuery");
  const name = documentId ?? propertyOf(persisted, "sha256Hash");
  if (name === undefined || name === null) {
    if (persisted === undefined || persisted === null) return undefined;
    throw new DocumentRefused("BAD_REQUEST", "extensions.persistedQuery needs a sha256Hash.");
  }
  if (typeof name === "string" && /^(sha256:)?[0-9a-f]{64}$/i.test(name)) return hashNamed(name);
  throw new DocumentRefused("BAD_REQUEST", 'A document is named by "sha256:" and its hash, 64 hexadecimal digits.');
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

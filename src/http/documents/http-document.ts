import type { TrustedDocuments } from "./trusted-documents.ts";

/** The parts of an HTTP request in which it says what it asks for. */
export interface HttpQuestion {
  readonly method: string;
  /** The part of the URL from its question mark on; empty where there is none. */
  readonly search: string;
  readonly body: unknown;
}

/**
 * The same question with its document as text, also where it names one by its hash. What is malformed in another way is
 * left to whoever reads it next. @throws DocumentRefused
 */
export function withDocumentText(documents: TrustedDocuments, asked: HttpQuestion): HttpQuestion {
  if (asked.method !== "POST") return { ...asked, search: searchWithText(documents, asked.search) };
  const { body } = asked;
  if (typeof body !== "object" || body === null || Array.isArray(body)) return asked;
  const query = documents.textOf(body);
  if (query === undefined || !("documentId" in body || "extensions" in body)) return asked;
  return { ...asked, body: { ...body, query, ...unnamed(Reflect.get(body, "extensions")) } };
}

function searchWithText(documents: TrustedDocuments, search: string): string {
  const params = new URLSearchParams(search);
  const extensions = jsonOf(params.get("extensions"));
  const documentId = params.get("documentId");
  const query = documents.textOf({ query: params.get("query"), documentId, extensions });
  if (query === undefined || (documentId === null && extensions === undefined)) return search;
  params.set("query", query);
  const rest = unnamed(extensions).extensions;
  if (rest) params.set("extensions", JSON.stringify(rest));
  return `?${params}`;
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Extensions without what names the document: Apollo refuses whoever uses it. Empty where nothing is to be changed. */
function unnamed(extensions: unknown): { readonly extensions?: object } {
  if (typeof extensions !== "object" || extensions === null || !("persistedQuery" in extensions)) return {};
  const { persistedQuery: _, ...rest } = extensions;
  return { extensions: rest };
}

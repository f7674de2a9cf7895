import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

/** Filters of a list that live in the address: a link shows the same list, and Back goes to the one before. */
export interface UrlFilter {
  /** The values of a name that are among the allowed ones. */
  many<Word extends string>(name: string, allowed: readonly Word[]): Word[];
  one(name: string): string | undefined;
  /** Empty: the name leaves the address. */
  set(name: string, value: string | readonly string[] | undefined): void;
  clear(): void;
  readonly isEmpty: boolean;
}

export function useUrlFilter(): UrlFilter {
  const [params, setParams] = useSearchParams();
  const set = useCallback(
    (name: string, value: string | readonly string[] | undefined) =>
      setParams((before) => {
        const next = new URLSearchParams(before);
        next.delete(name);
        for (const each of typeof value === "string" ? [value] : (value ?? []))
          if (each !== "") next.append(name, each);
        return next;
      }),
    [setParams],
  );
  return useMemo(
    () => ({
      many: <Word extends string>(name: string, allowed: readonly Word[]) =>
        params.getAll(name).filter((value): value is Word => (allowed as readonly string[]).includes(value)),
      one: (name: string) => params.get(name) ?? undefined,
      set,
      clear: () => setParams(() => new URLSearchParams()),
      isEmpty: params.size === 0,
    }),
    [params, set, setParams],
  );
}

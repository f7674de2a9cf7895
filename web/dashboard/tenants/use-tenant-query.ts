import { useMemo } from "react";
import { useSearchParams } from "wouter";
import { type TenantQuery, toAddress, toTenantQuery } from "./tenant-query.ts";

/** What is asked for stands in the address: a link to the page shows the same, and going back takes a filter back. */
export function useTenantQuery(): readonly [TenantQuery, (change: Partial<TenantQuery>, replace?: boolean) => void] {
  const [address, setAddress] = useSearchParams();
  const text = address.toString();
  const query = useMemo(() => toTenantQuery(new URLSearchParams(text)), [text]);
  const change = (part: Partial<TenantQuery>, replace = false) =>
    setAddress((now) => toAddress({ ...toTenantQuery(now), ...part }), { replace });
  return [query, change];
}

import { useEffect } from "react";
import { useApi } from "../api/use-api.ts";
import { TenantChangesDocument, type TenantFilter, type TenantListedFragment } from "../gql/graphql.ts";

/** Changes that come within this time are shown together. */
const gatherMs = 200;
const againAfterMs = 1_000;

/**
 * Hears of every change of the tenants that a filter means, many at once. Where the service ends it, because changes came
 * faster than they could be sent, it begins again.
 */
export function useTenantChanges(
  filter: TenantFilter,
  onChanged: (tenants: readonly TenantListedFragment[]) => void,
  onMissed: () => void,
): void {
  const { client } = useApi();
  const key = JSON.stringify(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is called belongs to the list of this filter
  useEffect(() => {
    const waiting = new Map<string, TenantListedFragment>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const tenants = [...waiting.values()];
      waiting.clear();
      onChanged(tenants);
    };
    const begin = () =>
      client
        .subscription(TenantChangesDocument, { filter: JSON.parse(key) as TenantFilter })
        .subscribe(({ data, error }) => {
          if (error) {
            clearTimeout(timer);
            timer = setTimeout(() => {
              following.unsubscribe();
              following = begin();
              onMissed();
            }, againAfterMs);
            return;
          }
          if (data) waiting.set(data.tenantChanged.id, data.tenantChanged);
          timer ??= setTimeout(tell, gatherMs);
        });
    let following = begin();
    return () => {
      clearTimeout(timer);
      following.unsubscribe();
    };
  }, [client, key]);
}

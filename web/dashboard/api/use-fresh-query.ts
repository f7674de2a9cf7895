import { useEffect } from "react";
import { type AnyVariables, type TypedDocumentNode, type UseQueryState, useQuery } from "urql";
import { useConnection, useReconnected } from "./use-api.ts";

interface Options {
  /** Ask again so often while the page is looked at; left out: only when something was done, or the service was away. */
  readonly everyMs?: number;
  readonly pause?: boolean;
}

/**
 * A query that shows what is known at once, asks the service, and asks again when the service was away. For lists that can
 * grow long there is `usePages`.
 */
export function useFreshQuery<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { everyMs, pause = false }: Options = {},
): { readonly state: UseQueryState<Data, Variables>; reload(): void } {
  const [state, execute] = useQuery<Data, Variables>({
    query,
    variables,
    pause,
    requestPolicy: "cache-and-network",
  } as Parameters<typeof useQuery<Data, Variables>>[0]);
  const { status } = useConnection();
  const reload = () => execute({ requestPolicy: "network-only" });
  useReconnected(() => {
    if (!pause) reload();
  });
  useEffect(() => {
    if (everyMs === undefined || pause || status !== "ONLINE") return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") execute({ requestPolicy: "network-only" });
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, pause, status, execute]);
  return { state, reload };
}

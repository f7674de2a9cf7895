import { createContext, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import type { Api } from "./api.ts";
import type { ConnectionState } from "./connection.ts";

export const ApiContext = createContext<Api | undefined>(undefined);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error("There is no API around this component.");
  return api;
}

export function useConnection(): ConnectionState {
  const { connection } = useApi();
  return useSyncExternalStore(connection.subscribe, connection.current);
}

/** Calls when the service is there again after a loss: what came in between was not heard, so whatever is shown is read anew. */
export function useReconnected(react: () => void): void {
  const { epoch } = useConnection();
  const latest = useRef(react);
  const seen = useRef(epoch);
  useEffect(() => {
    latest.current = react;
  });
  useEffect(() => {
    if (seen.current === epoch) return;
    seen.current = epoch;
    latest.current();
  }, [epoch]);
}

import { Loader } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { Provider } from "urql";
import { ApiContext } from "../api/use-api.ts";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { ViewerDocument } from "../gql/graphql.ts";
import type { Door } from "./door.ts";
import { SignInPage } from "./sign-in-page.tsx";
import { useSession, useSessionState } from "./use-session.ts";

interface GateProps {
  readonly door: Door;
  readonly children: ReactNode;
}

/** Shows what is inside to who is signed in, and the sign-in page to others. */
export function Gate({ door, children }: GateProps) {
  const state = useSessionState();
  // The door follows the session before this does.
  const api = door.current();
  if (state.phase === "out" || !api)
    return <SignInPage reason={state.phase === "out" ? state.reason : undefined} trying={false} />;
  return (
    <ApiContext key={state.key} value={api}>
      <Provider value={api.client}>{state.phase === "in" ? children : <Trying apiKey={state.key} />}</Provider>
    </ApiContext>
  );
}

/** Asks the service who the key belongs to, until it answers. */
function Trying({ apiKey }: { readonly apiKey: string }) {
  const session = useSession();
  const { state } = useFreshQuery(ViewerDocument, {});
  const viewer = state.data?.viewer;
  useEffect(() => {
    if (viewer) session.begin(apiKey, viewer);
  }, [viewer, apiKey, session]);
  if (!state.error) return <Loader size="sm" m="xl" aria-label="The key is tried" />;
  return <SignInPage reason="The service does not answer. It is asked again." trying />;
}

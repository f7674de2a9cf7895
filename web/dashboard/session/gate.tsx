import { Loader } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { Provider } from "urql";
import { type Api, openApi } from "../api/api.ts";
import { toast } from "../api/toast.ts";
import { ApiContext } from "../api/use-api.ts";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { ViewerDocument } from "../gql/graphql.ts";
import { SignInPage } from "./sign-in-page.tsx";
import { useSession, useSessionState } from "./use-session.ts";

/** Shows what is inside to who is signed in, and the sign-in page to others. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const state = useSessionState();
  if (state.phase === "out") return <SignInPage reason={state.reason} trying={false} />;
  return (
    <WithApi key={state.key} apiKey={state.key}>
      {state.phase === "in" ? children : <Trying apiKey={state.key} />}
    </WithApi>
  );
}

function WithApi({ apiKey, children }: { readonly apiKey: string; readonly children: ReactNode }) {
  const session = useSession();
  const [api, setApi] = useState<Api>();
  useEffect(() => {
    const opened = openApi({ key: apiKey, onRefused: () => session.refuse(), onRefusal: toast });
    setApi(opened);
    return () => opened.close();
  }, [apiKey, session]);
  if (!api) return null;
  return (
    <ApiContext value={api}>
      <Provider value={api.client}>{children}</Provider>
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

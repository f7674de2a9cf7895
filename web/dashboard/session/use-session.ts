import { createContext, useContext, useSyncExternalStore } from "react";
import type { Role } from "../gql/graphql.ts";
import type { Session, SessionState, Viewer } from "./session.ts";

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("There is no session around this component.");
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.current);
}

/** Who is signed in. @throws outside of what is shown to who is signed in */
export function useViewer(): Viewer {
  const state = useSessionState();
  if (state.phase !== "in") throw new Error("Nobody is signed in.");
  return state.viewer;
}

const ranks: Readonly<Record<Role, number>> = { VIEWER: 0, OPERATOR: 1, ADMIN: 2 };

export function mayAs(role: Role, needed: Role): boolean {
  return ranks[role] >= ranks[needed];
}

/** Whether who is signed in may do what needs a role: what they may not is not offered. The service checks it anyway. */
export function useMay(needed: Role): boolean {
  return mayAs(useViewer().role, needed);
}

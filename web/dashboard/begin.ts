import { openApi } from "./api/api.ts";
import { Door } from "./session/door.ts";
import { followLinks, takeKeyOfLink } from "./session/key-of-link.ts";
import { Session } from "./session/session.ts";
import { askForPage, preloadPage } from "./shell/page-loads.ts";

/** Who works here, and the API with their key. */
export interface Begun {
  readonly session: Session;
  readonly door: Door;
}

/** Begins what takes a while: the service's first answers, and the code of the page that the address means. */
export function begin(page: Window): Begun {
  const { pathname } = page.location;
  const session = new Session(page.sessionStorage, takeKeyOfLink(page.location, page.history));
  followLinks(page, (key) => session.try(key));
  const door = new Door(session, (key) =>
    openApi({
      key,
      onRefused: () => session.refuse(key),
      // Where it is missing, all that is drawn is, and `main.ts` says so.
      onRefusal: (refusal) =>
        void import("./api/toast.ts").then(
          ({ toast }) => toast(refusal),
          () => undefined,
        ),
    }),
  );
  const api = door.current();
  if (api) askForPage(pathname, api.client);
  preloadPage(pathname);
  return { session, door };
}

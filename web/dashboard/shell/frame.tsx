import { Loader } from "@mantine/core";
import { Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { mayAs, useViewer } from "../session/use-session.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { FaultBoundary } from "./fault-boundary.tsx";
import classes from "./frame.module.css";
import { Navigation } from "./navigation.tsx";
import { NoSuchPage } from "./no-such-page.tsx";
import { pages } from "./pages.ts";

/** What is around every page: the navigation, and the state of the connection. */
export function Frame() {
  const { role } = useViewer();
  const [location] = useLocation();
  const offered = pages.filter((page) => mayAs(role, page.role));
  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <Navigation pages={offered} />
      <main id="content" className={classes.content} tabIndex={-1}>
        <ConnectionBanner />
        <FaultBoundary key={location}>
          <Suspense fallback={<Loader size="sm" m="xl" aria-label="The page is loaded" />}>
            <Switch>
              {offered.map(({ path, component }) => (
                <Route key={path} path={path} component={component} />
              ))}
              <Route component={NoSuchPage} />
            </Switch>
          </Suspense>
        </FaultBoundary>
      </main>
    </div>
  );
}

import { GraphiQL } from "graphiql";
import { useMemo, useState } from "react";
import { createFetcher } from "./fetcher.ts";
import { KeyBar } from "./key-bar.tsx";
import { exampleTabs } from "./tabs.ts";

const storedKey = "tenantry:key";

/** GraphiQL with a bar for the key above it. */
export function App() {
  const [key, setKey] = useState(() => sessionStorage.getItem(storedKey) ?? "");
  // A new fetcher makes GraphiQL ask for the schema again, this time with the new key.
  const fetcher = useMemo(() => createFetcher("/graphql", key), [key]);
  const [firstVariables] = useState(variablesOfFirstVisit);
  const useKey = (next: string) => {
    sessionStorage.setItem(storedKey, next);
    setKey(next);
  };
  return (
    <>
      <KeyBar current={key} onUse={useKey} />
      <div className="playground">
        <GraphiQL
          fetcher={fetcher}
          defaultTabs={exampleTabs}
          {...firstVariables}
          defaultEditorToolsVisibility="variables"
        >
          <GraphiQL.Logo>tenantry</GraphiQL.Logo>
        </GraphiQL>
      </div>
    </>
  );
}

/** At the first visit the editor of the first tab is filled from here, not from its tab; later it is what the visitor left. */
function variablesOfFirstVisit(): { initialVariables?: string } {
  const [first] = exampleTabs;
  const visitedBefore = localStorage.getItem("graphiql:tabState") !== null;
  return visitedBefore || !first ? {} : { initialVariables: first.variables };
}

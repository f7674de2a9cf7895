import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { FleetQuery } from "../gql/graphql.ts";
import { sayNumber } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { useMay } from "../session/use-session.ts";
import classes from "./fleet.module.css";

type Server = FleetQuery["fleet"]["servers"][number];

// With the form that it needs, for who asks for it.
const WarmPoolDialog = lazy(async () => ({ default: (await import("./warm-pool-dialog.tsx")).WarmPoolDialog }));

/** How many ready-made databases a server has, of how many that it is to keep; who may, changes that. */
export function WarmPool({ server }: { readonly server: Pick<Server, "id" | "name" | "warmPool"> }) {
  const may = useMay("ADMIN");
  const [changing, setChanging] = useState(false);
  const { ready, target } = server.warmPool;
  const label = `How many ready-made databases ${server.name} keeps`;
  return (
    <span className={classes.warm}>
      {ready < target && <StatusBadge status="FILLING" />}
      <span title={`${ready} are ready, ${target} are to be kept`}>
        {target === 0 && ready === 0 ? "none kept" : `${sayNumber(ready)} of ${sayNumber(target)}`}
      </span>
      {may && (
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={() => setChanging(true)}>
            <IconPencil size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      {changing && (
        <Suspense fallback={null}>
          <WarmPoolDialog server={server} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </span>
  );
}

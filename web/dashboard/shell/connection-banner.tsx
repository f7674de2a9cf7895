import { IconPlugConnectedX } from "@tabler/icons-react";
import { useConnection } from "../api/use-api.ts";
import classes from "./frame.module.css";

/** Says that the service cannot be heard. It lies over the page, so that nothing moves when it comes and goes. */
export function ConnectionBanner() {
  const { status } = useConnection();
  return (
    <div role="status" aria-live="polite" className={classes.banners}>
      {status === "LOST" && (
        <p className={classes.lost}>
          <IconPlugConnectedX size={16} aria-hidden="true" />
          Connection lost. What you see may be old. Trying again; nothing that happens meanwhile is lost.
        </p>
      )}
    </div>
  );
}

import { Button } from "@mantine/core";
import { IconFlask, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { JobDialog } from "../progress/job-dialog.tsx";
import { CreateTenantDialog } from "./create-tenant-dialog.tsx";
import { CreateTestTenantsDialog } from "./create-test-tenants-dialog.tsx";

interface NewTenantButtonsProps {
  readonly servers: readonly { readonly id: string; readonly name: string }[];
}

interface BegunJob {
  readonly id: string;
  readonly title: string;
}

/** Enters tenants, and shows how they are made. */
export function NewTenantButtons({ servers }: NewTenantButtonsProps) {
  const [open, setOpen] = useState<"ONE" | "TEST">();
  const [job, setJob] = useState<BegunJob>();
  const close = () => setOpen(undefined);
  const begun = (id: string | undefined, title: string) => {
    close();
    if (id !== undefined) setJob({ id, title });
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconFlask size={14} aria-hidden="true" />}
        onClick={() => setOpen("TEST")}
      >
        Test tenants
      </Button>
      <Button leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={() => setOpen("ONE")}>
        Create tenant
      </Button>
      {open === "ONE" && <CreateTenantDialog servers={servers} onClose={close} onBegun={begun} />}
      {open === "TEST" && <CreateTestTenantsDialog onClose={close} onBegun={begun} />}
      <JobDialog jobId={job?.id} title={job?.title ?? ""} onClose={() => setJob(undefined)} />
    </>
  );
}

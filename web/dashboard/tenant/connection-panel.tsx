import { ActionIcon, Button, CopyButton, Group, Stack, Text, TextInput, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAct } from "../api/use-act.ts";
import { RevealConnectionDocument, type RevealConnectionMutation, type TenantShownFragment } from "../gql/graphql.ts";
import { Panel } from "../parts/panel.tsx";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { useMay } from "../session/use-session.ts";
import classes from "./tenant.module.css";

type Connection = NonNullable<RevealConnectionMutation["revealTenantConnection"]["connection"]>;

/** How an application reaches the tenant's database. Shown for a reason, which goes to the audit log, and until it is hidden. */
export function ConnectionPanel({ tenant }: { readonly tenant: TenantShownFragment }) {
  const may = useMay("ADMIN");
  const [shown, setShown] = useState<Connection>();
  return (
    <Panel
      title="Connection"
      actions={
        shown && (
          <Button variant="subtle" size="compact-xs" onClick={() => setShown(undefined)}>
            Hide
          </Button>
        )
      }
    >
      {shown && <Revealed connection={shown} />}
      {!shown && may && <Reveal tenantId={tenant.id} onRevealed={setShown} />}
      {!may && (
        <Text size="sm" c="dimmed">
          Only an ADMIN key reveals a connection.
        </Text>
      )}
    </Panel>
  );
}

interface RevealProps {
  readonly tenantId: string;
  onRevealed(connection: Connection): void;
}

function Reveal({ tenantId, onRevealed }: RevealProps) {
  const [reason, setReason] = useState("");
  const { act, acting } = useAct(RevealConnectionDocument);
  const { refused, show } = useRefused();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = show(await act({ input: { id: tenantId, reason } }));
    if (done?.connection) onRevealed(done.connection);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Group align="flex-end" gap="sm">
          <TextInput
            flex={1}
            label="Reason"
            description="Goes to the audit log, with your name"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={acting} disabled={reason.trim() === ""}>
            Reveal
          </Button>
        </Group>
        <Refusals refused={refused} />
      </Stack>
    </form>
  );
}

function Revealed({ connection }: { readonly connection: Connection }) {
  const { database, host, port, username, password, url } = connection;
  const fields = {
    URL: url,
    Host: host,
    Port: String(port),
    Database: database,
    Username: username,
    Password: password,
  };
  return (
    <dl className={classes.facts}>
      {Object.entries(fields).map(([name, value]) => (
        <Field key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function Field({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span className="mono">{value}</span>{" "}
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? "Copied" : `Copy ${name}`}>
              <ActionIcon variant="subtle" color="gray" size="xs" aria-label={`Copy ${name}`} onClick={copy}>
                {copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </dd>
    </>
  );
}

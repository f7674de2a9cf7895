import { ActionIcon, Button, Checkbox, Group, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAct } from "../api/use-act.ts";
import { AddTenantDomainDocument, RemoveTenantDomainDocument, type TenantShownFragment } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import tables from "../parts/plain-table.module.css";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { useMay } from "../session/use-session.ts";

/** Host names that lead to a tenant. */
export function DomainsPanel({ tenant }: { readonly tenant: TenantShownFragment }) {
  const may = useMay("OPERATOR");
  const { act, acting } = useAct(RemoveTenantDomainDocument);
  const { refused, show } = useRefused();
  const remove = async (hostname: string) => show(await act({ input: { tenantId: tenant.id, hostname } }));
  return (
    <Panel title="Domains" bare>
      {tenant.domains.length === 0 && <EmptyState of="domains" />}
      <table className={tables.table} aria-label="Domains">
        <tbody>
          {tenant.domains.map(({ id, hostname, isPrimary }) => (
            <tr key={id}>
              <td>{hostname}</td>
              <td>{isPrimary ? "primary" : ""}</td>
              <td data-align="right">
                {may && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    disabled={acting}
                    aria-label={`Remove ${hostname}`}
                    onClick={() => remove(hostname)}
                  >
                    <IconTrash size={15} />
                  </ActionIcon>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Refusals refused={refused} />
      {may && <AddDomain tenantId={tenant.id} />}
    </Panel>
  );
}

function AddDomain({ tenantId }: { readonly tenantId: string }) {
  const [hostname, setHostname] = useState("");
  const [primary, setPrimary] = useState(false);
  const { act, acting } = useAct(AddTenantDomainDocument);
  const { refused, show } = useRefused();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (show(await act({ input: { tenantId, hostname, primary } }))) setHostname("");
  };
  return (
    <form onSubmit={submit}>
      <Group gap="sm" p="xs" align="flex-start">
        <TextInput
          flex={1}
          aria-label="New host name"
          placeholder="www.example.com"
          value={hostname}
          error={refused.map(({ message }) => message).join(" ") || undefined}
          onChange={(event) => setHostname(event.currentTarget.value)}
        />
        <Checkbox
          label="Primary"
          mt={7}
          checked={primary}
          onChange={(event) => setPrimary(event.currentTarget.checked)}
        />
        <Button type="submit" variant="default" loading={acting} disabled={hostname.trim() === ""}>
          Add
        </Button>
      </Group>
    </form>
  );
}

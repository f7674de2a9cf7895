import { Button, Modal, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useAct } from "../api/use-act.ts";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { type ApiKeyRowFragment, ApiKeysDocument, RevokeApiKeyDocument } from "../gql/graphql.ts";
import { Badge } from "../parts/badge.tsx";
import type { ColumnLooks } from "../parts/column-looks.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { PageFrame } from "../parts/page-frame.tsx";
import { Panel } from "../parts/panel.tsx";
import plain from "../parts/plain-table.module.css";
import { Refusals } from "../parts/refusals.tsx";
import { sayCount } from "../parts/say.ts";
import { TimeAgo } from "../parts/time-ago.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";

/** Who may use the API: keys are made here, shown once, and revoked. */
export function KeysPage() {
  const { state, reload } = useFreshQuery(ApiKeysDocument, {});
  const [creating, setCreating] = useState(false);
  const keys = state.data?.apiKeys;
  return (
    <PageFrame
      title="Keys"
      aside={
        <Text size="sm" c="dimmed" role="status">
          {keys ? sayCount(keys.length, "key") : "\u00a0"}
        </Text>
      }
      actions={
        <Button leftSection={<IconKey size={14} />} onClick={() => setCreating(true)}>
          Create a key
        </Button>
      }
    >
      <Panel title="API keys" bare>
        {keys?.length === 0 && <EmptyState of="apiKeys" />}
        {keys && keys.length > 0 && <KeyTable keys={keys} reload={reload} />}
      </Panel>
      <CreateKeyDialog
        opened={creating}
        onClose={() => {
          setCreating(false);
          reload();
        }}
      />
    </PageFrame>
  );
}

const heads: readonly (readonly [head: string, from?: ColumnLooks["from"]])[] = [
  ["Name"],
  ["Role"],
  ["Status"],
  ["Begins with", "medium"],
  ["Created", "wide"],
  ["Last used", "medium"],
  ["Expires", "medium"],
];

interface KeyTableProps {
  readonly keys: readonly ApiKeyRowFragment[];
  reload(): void;
}

function KeyTable({ keys, reload }: KeyTableProps) {
  return (
    <table className={plain.table}>
      <thead>
        <tr>
          {heads.map(([head, from]) => (
            <th key={head} scope="col" data-from={from}>
              {head}
            </th>
          ))}
          <th scope="col">
            <span style={{ position: "absolute", clipPath: "inset(50%)" }}>Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <th scope="row">{key.name}</th>
            <td>{key.role}</td>
            <td>
              <Standing apiKey={key} />
            </td>
            <td className="mono" data-from="medium">
              {key.prefix}…
            </td>
            <td data-from="wide">
              <TimeAgo at={key.createdAt} />
            </td>
            <td data-from="medium">
              <TimeAgo at={key.lastUsedAt} />
            </td>
            <td data-from="medium">{key.expiresAt ? new Date(key.expiresAt).toLocaleDateString() : "never"}</td>
            <td data-align="right">{!key.revokedAt && <RevokeButton apiKey={key} reload={reload} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Standing({ apiKey: { revokedAt, expiresAt } }: { readonly apiKey: ApiKeyRowFragment }) {
  if (revokedAt) return <Badge tone="calm" word="REVOKED" title={new Date(revokedAt).toLocaleString()} />;
  if (expiresAt && Date.parse(expiresAt) < Date.now()) return <Badge tone="calm" word="EXPIRED" />;
  return <Badge tone="good" word="VALID" />;
}

interface RevokeButtonProps {
  readonly apiKey: ApiKeyRowFragment;
  reload(): void;
}

function RevokeButton({ apiKey, reload }: RevokeButtonProps) {
  const [asking, setAsking] = useState(false);
  const { act, acting } = useAct(RevokeApiKeyDocument);
  const { refused, show } = useRefused();
  const revoke = async () => {
    if (!show(await act({ input: { id: apiKey.id } }))) return;
    setAsking(false);
    reload();
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-xs"
        onClick={() => setAsking(true)}
        aria-label={`Revoke ${apiKey.name}`}
      >
        Revoke
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={`Revoke ${apiKey.name}`}>
        <Refusals refused={refused} />
        <Text size="sm" mb="md">
          Whoever uses this key is refused at once, and its open connections are closed. It cannot be undone.
        </Text>
        <Button color="red" fullWidth loading={acting} onClick={() => void revoke()}>
          Revoke for good
        </Button>
      </Modal>
    </>
  );
}

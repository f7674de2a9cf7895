import { Alert, Button, CopyButton, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { toFormErrors } from "../api/field-errors.ts";
import { useAct } from "../api/use-act.ts";
import { CreateApiKeyDocument, type Role } from "../gql/graphql.ts";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";

interface CreateKeyDialogProps {
  readonly opened: boolean;
  onClose(): void;
}

/** Makes a key and shows its secret, which nobody can see again. */
export function CreateKeyDialog({ opened, onClose }: CreateKeyDialogProps) {
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setSecret(undefined);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Create a key"
      closeOnClickOutside={secret === undefined}
      closeOnEscape={secret === undefined}
    >
      {opened && secret === undefined && <KeyForm onMade={setSecret} />}
      {secret !== undefined && <MadeKey secret={secret} onClose={close} />}
    </Modal>
  );
}

const roles: readonly { readonly value: Role; readonly label: string }[] = [
  { value: "VIEWER", label: "VIEWER: reads" },
  { value: "OPERATOR", label: "OPERATOR: reads and works with tenants" },
  { value: "ADMIN", label: "ADMIN: may also reveal credentials, and manages keys" },
];

const lifetimes = [
  { value: "", label: "never" },
  { value: "1", label: "in a day" },
  { value: "30", label: "in 30 days" },
  { value: "365", label: "in a year" },
];

function KeyForm({ onMade }: { onMade(secret: string): void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("VIEWER");
  const [days, setDays] = useState("");
  const { act, acting } = useAct(CreateApiKeyDocument);
  const { refused, show } = useRefused();
  const { fields, rest } = toFormErrors(refused, ["name", "role", "expiresAt"]);
  const create = async () => {
    const expiresAt = days === "" ? undefined : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
    const done = show(await act({ input: { name, role, ...(expiresAt !== undefined && { expiresAt }) } }));
    if (done?.secret) onMade(done.secret);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="Which program or person uses it; the audit log says it"
          value={name}
          error={fields.name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label="Role"
          data={roles}
          value={role}
          error={fields.role}
          allowDeselect={false}
          onChange={(chosen) => setRole(roles.find(({ value }) => value === chosen)?.value ?? "VIEWER")}
        />
        <Select
          label="Expires"
          data={lifetimes}
          value={days}
          error={fields.expiresAt}
          allowDeselect={false}
          onChange={(chosen) => setDays(chosen ?? "")}
        />
        <Refusals refused={rest} />
        <Button type="submit" loading={acting}>
          Create
        </Button>
      </Stack>
    </form>
  );
}

function MadeKey({ secret, onClose }: { readonly secret: string; onClose(): void }) {
  return (
    <Stack gap="sm">
      <Alert color="yellow" title="Copy it now">
        <Text size="sm">This is the only time that the key is shown: only a hash of it is kept.</Text>
      </Alert>
      <TextInput
        label="Key"
        value={secret}
        readOnly
        className="mono"
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              onClick={copy}
              data-autofocus
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

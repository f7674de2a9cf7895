import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import classes from "./sign-in.module.css";
import { useSession } from "./use-session.ts";

/** Asks for a key. It is kept in this tab until it is closed, or somebody signs out. */
export function SignInPage({ reason, trying }: { readonly reason?: string | undefined; readonly trying: boolean }) {
  const session = useSession();
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const key = typed.trim();
    if (key !== "") session.try(key);
  };
  return (
    <main className={classes.page}>
      <Paper component="form" onSubmit={submit} withBorder p="xl" w={380} maw="100%">
        <Stack gap="md">
          <Title order={1}>Sign in to tenantry</Title>
          {reason && (
            <Alert color="red" role="alert">
              {reason}
            </Alert>
          )}
          <PasswordInput
            label="API key"
            size="sm"
            autoComplete="off"
            spellCheck={false}
            autoFocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" size="sm" loading={trying} disabled={typed.trim() === ""}>
            Sign in
          </Button>
          <Text size="xs" c="dimmed">
            The service printed the first admin key, and a link that signs in, when it started for the first time. The
            key is kept in this browser tab alone.
          </Text>
        </Stack>
      </Paper>
    </main>
  );
}

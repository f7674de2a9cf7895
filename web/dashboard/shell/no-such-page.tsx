import { Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";

/** Where a path leads nowhere, or to something that this key may not see. */
export function NoSuchPage() {
  return (
    <Stack p="xl" gap="xs">
      <Title order={1}>There is nothing here</Title>
      <Text size="sm">The address leads to no page, or to one that your key may not see.</Text>
      <Link className="link" href="/">
        To the fleet
      </Link>
    </Stack>
  );
}

import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { type EmptyList, emptyWords } from "./words.ts";

interface EmptyStateProps {
  readonly of: EmptyList;
  /** What can be done about it. */
  readonly children?: ReactNode;
}

/** What stands where a list is empty. */
export function EmptyState({ of, children }: EmptyStateProps) {
  const [title, explanation] = emptyWords[of];
  return (
    <Stack align="center" gap={4} py="lg" px="md">
      <Text fw={600}>{title}</Text>
      <Text c="dimmed" size="sm" ta="center">
        {explanation}
      </Text>
      {children}
    </Stack>
  );
}

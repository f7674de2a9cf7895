import { Button, Stack, Text, Title } from "@mantine/core";
import { Component, type ReactNode } from "react";

interface Fault {
  readonly message: string | undefined;
}

/** Stands in for a page that could not be loaded, as after an update of the service, or that broke; the navigation stays. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, Fault> {
  override state: Fault = { message: undefined };

  static getDerivedStateFromError(error: unknown): Fault {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === undefined) return this.props.children;
    return (
      <Stack p="xl" gap="xs" align="flex-start" role="alert">
        <Title order={1}>This page cannot be shown</Title>
        <Text size="sm">
          The service may have been updated since the page was opened. What went wrong: {this.state.message}
        </Text>
        <Button onClick={() => window.location.reload()}>Load it anew</Button>
      </Stack>
    );
  }
}

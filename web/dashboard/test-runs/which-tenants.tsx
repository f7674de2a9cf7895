import { Group, TagsInput, TextInput } from "@mantine/core";
import type { TestWish } from "./test-wish.ts";

interface WhichTenantsProps {
  readonly wish: TestWish;
  change(part: Partial<TestWish>): void;
  readonly error: string | undefined;
}

/** Which tenants a run is about: by the beginning of a name, by labels, or by the service's own choice. */
export function WhichTenants({ wish, change, error }: WhichTenantsProps) {
  return (
    <Group grow align="flex-start">
      <TextInput
        label="Tenants"
        placeholder={wish.kind === "PERFORMANCE" ? "with test=true, or a few" : "all that are ACTIVE"}
        description="Slug, name or host name begins with"
        value={wish.search}
        error={error}
        onChange={(event) => change({ search: event.currentTarget.value })}
      />
      <TagsInput
        label="Labels"
        placeholder={wish.labels.length === 0 ? "key=value" : ""}
        description="All of them, each as key=value"
        value={[...wish.labels]}
        onChange={(labels) => change({ labels: labels.filter((label) => label.includes("=")) })}
      />
    </Group>
  );
}

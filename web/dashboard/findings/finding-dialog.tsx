import { Modal, Stack, Text } from "@mantine/core";
import facts from "../parts/facts.module.css";
import type { FindingRow } from "./finding-columns.tsx";

interface FindingDialogProps {
  readonly finding: FindingRow | undefined;
  onClose(): void;
}

/** A finding in full: what must be, and what was seen. */
export function FindingDialog({ finding, onClose }: FindingDialogProps) {
  return (
    <Modal opened={finding !== undefined} onClose={onClose} title={finding?.kind} size="lg">
      {finding && (
        <Stack gap="sm">
          <Text size="sm">{finding.message}</Text>
          <dl className={facts.facts} style={{ gridTemplateColumns: "1fr" }}>
            {partsOf(finding).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="mono" style={{ whiteSpace: "pre-wrap", wordBreak: "break-word", fontWeight: 400 }}>
                  {value}
                </dd>
              </div>
            ))}
          </dl>
        </Stack>
      )}
    </Modal>
  );
}

function partsOf({ object, expected, actual, tenant, server, outcome }: FindingRow): (readonly [string, string])[] {
  return [
    ["About", object],
    ["Must be", expected ?? "–"],
    ["Is", actual ?? "–"],
    ["Tenant", tenant?.slug ?? "nobody's"],
    ["Server", server.name],
    ["Outcome", outcome],
  ];
}

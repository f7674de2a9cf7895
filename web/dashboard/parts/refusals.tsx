import { Alert, Text } from "@mantine/core";
import { Link } from "wouter";
import type { UserErrorShown } from "../api/use-act.ts";

/** What the service refused, in its own words. Nothing where nothing was. */
export function Refusals({ refused }: { readonly refused: readonly UserErrorShown[] }) {
  if (refused.length === 0) return null;
  return (
    <Alert color="red" role="alert" title="Refused; nothing was changed">
      {refused.map(({ code, message, jobId }) => (
        <Text key={`${code} ${message}`} size="sm">
          {message} <code>{code}</code>{" "}
          {jobId && (
            <Link className="link" href={`/jobs/${jobId}`}>
              The job in the way
            </Link>
          )}
        </Text>
      ))}
    </Alert>
  );
}

import type { TenantStatus } from "../gql/graphql.ts";

export type StepName = "SUSPEND" | "RESUME" | "ROTATE" | "RETRY";

/** A step of a tenant's life that is one job on it. */
export interface LifecycleStep {
  readonly name: StepName;
  readonly label: string;
  /** What it does, as the API says it. */
  readonly explanation: string;
  /** In which states it is offered. */
  readonly from: readonly TenantStatus[];
}

export const lifecycleSteps: readonly LifecycleStep[] = [
  {
    name: "SUSPEND",
    label: "Suspend",
    explanation: "Locks the tenant's account and ends its sessions; data stays.",
    from: ["ACTIVE"],
  },
  {
    name: "RESUME",
    label: "Resume",
    explanation: "Lets the tenant in again, with the credential that it had.",
    from: ["SUSPENDED"],
  },
  {
    name: "ROTATE",
    label: "Rotate credentials",
    explanation:
      "Gives the tenant a new password and ends the sessions that came in by the old one. Once the job has succeeded only the new one counts.",
    from: ["ACTIVE"],
  },
  {
    name: "RETRY",
    label: "Retry provisioning",
    explanation: "Takes up the provisioning of the tenant where it stopped.",
    from: ["FAILED"],
  },
];

import type { ComparedMetric, ComparisonOutcome } from "../../test-runs/comparison/run-comparison.ts";
import type { DeepTestKind, IsolationCheckKind, TestKind, Verdict } from "../../test-runs/test-run.ts";
import { graphqlEnum } from "../graphql-enum.ts";

export const TestKindEnum = graphqlEnum<TestKind>("TestKind", "What a test run looks at.", {
  CONNECTION: "Whether each tenant can log in to its own database, and how quickly.",
  ISOLATION: "Whether tenants cannot reach each other.",
  PERFORMANCE: "How quickly tenants' databases answer under load.",
});

export const VerdictEnum = graphqlEnum<Verdict>(
  "Verdict",
  "INCONCLUSIVE: a check could not be carried out; it is neither a pass nor a failure.",
  {
    PASS: "All is well.",
    FAIL: "Something is not well.",
    INCONCLUSIVE: "It could not be found out.",
  },
);

export const IsolationCheckKindEnum = graphqlEnum<IsolationCheckKind>(
  "IsolationCheckKind",
  "The sides of a tenant's isolation.",
  {
    DATA: "Its rows are its own: what was planted in it stays there, unchanged, and nothing of others turns up.",
    SCHEMA: "Neither can it see or use others' structures, nor do its own reach into theirs.",
    GRANTS: "Its account has the rights on its own database, and no others by any way.",
    ROLES: "No role gives it more.",
    ACCOUNT: "It logs in as itself only, and nobody else as it.",
    CROSS_READ: "It cannot read others' rows.",
    CROSS_WRITE: "It cannot change, create, drop, lock or end what is others'.",
    STORED_CODE: "No view, routine, trigger or event carries data across.",
    SESSION_STATE: "Connections hand nothing on from one user to the next.",
    VISIBILITY: "It cannot see that others exist, nor what they do.",
  },
);

export const DeepTestKindEnum = graphqlEnum<DeepTestKind>("DeepTestKind", "What is tried beside speed.", {
  PERSISTENCE: "A row is still there for the next connection.",
  CONCURRENT_WRITERS: "Several connections that write one row at once lose nothing.",
  ROLLBACK: "A row that was rolled back is gone.",
});

export const ComparedMetricEnum = graphqlEnum<ComparedMetric>("ComparedMetric", "What of two runs is compared.", {
  P50: "Half of the operations took at most this, milliseconds.",
  P90: "90 % took at most this, milliseconds.",
  P95: "95 % took at most this, milliseconds.",
  P99: "99 % took at most this, milliseconds.",
  SUCCESS_RATE: "0..1, of operations for a performance test, of tenants otherwise.",
  OPERATIONS_PER_SECOND: "Only where both runs had the same plan.",
});

export const ComparisonOutcomeEnum = graphqlEnum<ComparisonOutcome>(
  "ComparisonOutcome",
  "How one run stands to another.",
  {
    BETTER: "Better, beyond noise.",
    SAME: "No difference that could not be chance.",
    WORSE: "Worse, beyond noise.",
  },
);

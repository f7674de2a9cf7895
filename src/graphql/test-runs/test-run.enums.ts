import type { TestKind, Verdict } from "../../test-runs/test-run.ts";
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

import type { TestRunReportQuery } from "../gql/graphql.ts";

/** A test run with all that its page shows. */
export type TestRunShown = NonNullable<TestRunReportQuery["testRun"]>;

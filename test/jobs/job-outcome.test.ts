import { describe, expect, it } from "vitest";
import { outcomeOfItems } from "../../src/jobs/job-handler.ts";

describe("the end of a job over tenants", () => {
  it("is a success only where each of them came to its end", () => {
    expect(outcomeOfItems({ failed: 0, total: 3 }, "Done.")).toEqual({ status: "SUCCEEDED", message: "Done." });
    expect(outcomeOfItems({ failed: 0, total: 3, pending: 2 }, "Done.")).toMatchObject({
      status: "FAILED",
      error: { code: "PARTIAL_FAILURE", message: "0 of 3 tenants failed. 2 were not reached.", retryable: true },
    });
    expect(outcomeOfItems({ failed: 1, total: 3, pending: 0 }, "Done.")).toMatchObject({
      error: { code: "PARTIAL_FAILURE", message: "1 of 3 tenants failed.", retryable: true },
    });
  });
});

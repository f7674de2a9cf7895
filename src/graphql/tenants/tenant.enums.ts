import type { Rating, TenantStatus } from "../../tenants/tenant.ts";
import type { TenantOrder } from "../../tenants/tenant-store.ts";
import { graphqlEnum } from "../graphql-enum.ts";

export const TenantStatusEnum = graphqlEnum<TenantStatus>(
  "TenantStatus",
  "What the registry says of a tenant. Derived findings live in Tenant.findings; the last failure in Tenant.statusReason.",
  {
    PROVISIONING: "Its database and account are being made.",
    ACTIVE: "Its database is ready and its account can log in.",
    SUSPENDED: "Its account is locked; its data stays.",
    FAILED: "Its last job failed; statusReason says why, and retryTenant takes it up again.",
    DELETING: "Its database and account are being removed.",
    DELETED: "Gone; only the registry still knows of it.",
  },
);

export const RatingEnum = graphqlEnum<Rating>(
  "Rating",
  "By p95 latency, configurable: EXCELLENT up to 25 ms, GOOD 50, FAIR 100, SLOW 500, CRITICAL above or on errors.",
  {
    EXCELLENT: "Up to 25 ms.",
    GOOD: "Up to 50 ms.",
    FAIR: "Up to 100 ms.",
    SLOW: "Up to 500 ms.",
    CRITICAL: "Above 500 ms, or errors.",
  },
);

export const TenantOrderFieldEnum = graphqlEnum<TenantOrder["field"]>(
  "TenantOrderField",
  "What tenants are ordered by.",
  {
    CREATED_AT: "When it was entered.",
    NAME: "Its name.",
    SLUG: "Its slug.",
  },
);

export const OrderDirectionEnum = graphqlEnum<TenantOrder["direction"]>("OrderDirection", "Which end comes first.", {
  ASC: "Smallest or oldest first.",
  DESC: "Largest or newest first.",
});

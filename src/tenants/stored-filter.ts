import { z } from "zod";
import type { ServerId, TenantId } from "../kit/ids.ts";
import { tenantStatuses } from "./tenant.ts";

/** A tenant filter as a job keeps it in its input. */
export const storedFilter = z.object({
  ids: z.array(z.string().transform((id) => id as TenantId)).optional(),
  slugs: z.array(z.string()).optional(),
  statuses: z.array(z.enum(tenantStatuses)).optional(),
  serverId: z
    .string()
    .transform((id) => id as ServerId)
    .optional(),
  schemaVersions: z.array(z.string()).optional(),
  labels: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  search: z.string().optional(),
});

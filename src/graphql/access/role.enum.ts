import type { Role } from "../../kit/actor.ts";
import { graphqlEnum } from "../graphql-enum.ts";

export const RoleEnum = graphqlEnum<Role>("Role", "What a caller may do; each role may what those before it may.", {
  VIEWER: "Read all but secrets, and follow progress.",
  OPERATOR: "Change tenants and start work.",
  ADMIN: "Reveal connections and rule over keys.",
});

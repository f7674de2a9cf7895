import { Field, ObjectType } from "type-graphql";
import type { Domain } from "../../tenants/tenant.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { NodeType } from "../node.type.ts";

@ObjectType("Domain", {
  description: "A host name that leads to a tenant.",
  implements: NodeType,
  simpleResolvers: true,
})
export class DomainType extends NodeType {
  readonly domain!: Domain;

  @Field(() => String, { description: "Lower-case ASCII (IDN as punycode)." })
  readonly hostname!: string;

  @Field(() => Boolean, { description: "Whether it is the tenant's main one." })
  readonly isPrimary!: boolean;

  @Field(() => DateTime, { description: "When it was added." })
  readonly createdAt!: Date;
}

/** A domain, as the API shows it. */
export function toDomainType(domain: Domain): DomainType {
  const { hostname, isPrimary, createdAt } = domain;
  return { id: globalId("domain", domain.id), domain, hostname, isPrimary, createdAt };
}

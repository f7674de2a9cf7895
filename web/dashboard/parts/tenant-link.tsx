import { Link } from "wouter";

interface TenantLinkProps {
  readonly tenant: { readonly slug: string };
}

/** A tenant by its slug; leads to its page. */
export function TenantLink({ tenant: { slug } }: TenantLinkProps) {
  return (
    <Link className="link" href={`/tenants/${encodeURIComponent(slug)}`}>
      {slug}
    </Link>
  );
}

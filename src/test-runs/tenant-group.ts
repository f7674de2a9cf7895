/** Names that one sentence of advice holds. */
export const namesShown = 5;

/** Some tenants of a kind: how many, and the first few by name. */
export interface Group {
  readonly count: number;
  /** In alphabetical order of those that were kept. */
  readonly slugs: readonly string[];
}

/** Gathers a group; memory does not grow with it. */
export class GroupGatherer {
  #count = 0;
  readonly #slugs: string[] = [];

  add(slug: string): void {
    this.#count += 1;
    if (this.#slugs.length < namesShown) this.#slugs.push(slug);
  }

  group(): Group {
    return { count: this.#count, slugs: [...this.#slugs].sort() };
  }
}

/** The gatherer of a code, made when it is first asked for. */
export function groupOf(groups: Map<string, GroupGatherer>, code: string): GroupGatherer {
  const known = groups.get(code);
  if (known) return known;
  const group = new GroupGatherer();
  groups.set(code, group);
  return group;
}

/** `3 tenants (a, b, c)` */
export function tenantsText({ count, slugs }: Group): string {
  const more = count > slugs.length ? ` and ${count - slugs.length} more` : "";
  return `${count} ${count === 1 ? "tenant" : "tenants"} (${slugs.join(", ")}${more})`;
}

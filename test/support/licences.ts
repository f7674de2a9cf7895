/** Licences under which what is shipped may be: they let everybody use it and ask for no more than a notice. */
export const allowedLicences: readonly string[] = [
  ...["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"],
  ...["BlueOak-1.0.0", "Zlib", "Unlicense", "Python-2.0", "PSF-2.0"],
];

/** Whether an SPDX expression can be kept by licences of the list: all of what AND joins, one of what OR joins. */
export function mayBeShipped(expression: string, allowed: readonly string[] = allowedLicences): boolean {
  const text = expression.replace(/^\((.*)\)$/, "$1");
  if (/[()]/.test(text)) return false;
  return text.split(" OR ").some((choice) => choice.split(" AND ").every((name) => allowed.includes(name.trim())));
}

/** What the lock says of a package. */
export interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockEntries = Readonly<Record<string, LockEntry>>;

/** The places of packages and of all that they need, as npm finds them. @param names of packages at the root */
export function closureOf(entries: LockEntries, names: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: string, name: string): void => {
    const place = placeOf(entries, from, name);
    if (place === undefined || found.has(place)) return;
    found.add(place);
    const { dependencies, peerDependencies, optionalDependencies } = entries[place] ?? {};
    for (const next of Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }))
      visit(place, next);
  };
  for (const name of names) visit("", name);
  return found;
}

/** Beside the package's own dependencies, or in any folder above. */
function placeOf(entries: LockEntries, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, "")) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (entries[place]) return place;
    if (folder === "") return undefined;
  }
}

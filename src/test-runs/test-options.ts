import { InvalidInput } from "../kit/domain-error.ts";

/** Least and most of a whole number, both allowed. */
export interface OptionLimit {
  readonly least: number;
  readonly most: number;
}

/** How many tenants a run can be told to take at most. */
export const maxTenantsLimit: OptionLimit = { least: 1, most: 100_000 };

/** The limits of a test's options, by their names in the API. */
export class OptionLimits<Name extends string> {
  constructor(private readonly limits: Readonly<Record<Name, OptionLimit>>) {}

  /** @returns the value @throws InvalidInput that names the option */
  within(name: Name, value: number): number {
    const { least, most } = this.limits[name];
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidInput(`${name} must be a whole number from ${least} to ${most}, not ${value}.`, {
      field: ["input", name],
    });
  }
}

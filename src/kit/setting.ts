import { z } from "zod";

/** What a reader of the documentation learns of a setting. */
export interface SettingInfo {
  /** Name of the environment variable. */
  readonly name: string;
  readonly section: string;
  /** What applies when the variable is absent or empty. */
  readonly fallback: string;
  /** One sentence. */
  readonly meaning: string;
}

// Module state of zod's making: what is registered hangs on the schema, and a schema is described once, where it is made.
const described = z.registry<SettingInfo>();

/** Makes the settings of a section of the documentation. */
export function section(section: string) {
  return {
    /** A setting with a value of its own when absent. */
    preset<Value>(name: string, value: string, reader: z.ZodType<Value, string>, meaning: string) {
      const schema = z.string().default(value).pipe(reader);
      return schema.register(described, { name, section, fallback: value, meaning });
    },
    /** A setting that may stay absent; `fallback` says what happens then. */
    optional<Value>(name: string, fallback: string, reader: z.ZodType<Value, string>, meaning: string) {
      return reader.optional().register(described, { name, section, fallback, meaning });
    },
  };
}

/** What a setting is called and means. */
export function settingInfo(schema: z.core.$ZodType): SettingInfo {
  const info = described.get(schema);
  if (!info) throw new TypeError("A setting is missing its description.");
  return info;
}

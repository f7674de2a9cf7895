import { MultiSelect } from "@mantine/core";
import type { UrlFilter } from "./url-filter.ts";

interface WordsFilterProps<Word extends string> {
  readonly filter: UrlFilter;
  /** Its name in the address. */
  readonly name: string;
  readonly label: string;
  readonly words: readonly Word[];
  readonly width?: number;
}

/** Takes any of a few words of the API into a filter; none of them: all. */
export function WordsFilter<Word extends string>({ filter, name, label, words, width = 220 }: WordsFilterProps<Word>) {
  const chosen = filter.many(name, words);
  return (
    <MultiSelect
      aria-label={label}
      placeholder={chosen.length === 0 ? label : ""}
      data={[...words]}
      value={chosen}
      onChange={(next) => filter.set(name, next)}
      clearable
      searchable={words.length > 8}
      w={width}
      comboboxProps={{ transitionProps: { duration: 0 } }}
    />
  );
}

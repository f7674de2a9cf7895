/** What stands in a field for numbers: a text while it is empty, or holds more digits than a number does. */
export type GivenNumber = number | string;

/** Stands under a field that must have a number, where it has none: an empty one is not 0. */
export const noNumber = "Say how many.";

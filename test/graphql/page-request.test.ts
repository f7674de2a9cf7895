import { expect, it } from "vitest";
import { toPageRequest } from "../../src/graphql/page-request.ts";

it.each([
  [{}, { direction: "FORWARD", limit: 25, cursor: undefined }],
  [
    { first: null, after: null, last: null, before: null },
    { direction: "FORWARD", limit: 25, cursor: undefined },
  ],
  [
    { first: 100, after: "c" },
    { direction: "FORWARD", limit: 100, cursor: "c" },
  ],
  [{ last: 1 }, { direction: "BACKWARD", limit: 1, cursor: undefined }],
  [{ before: "c" }, { direction: "BACKWARD", limit: 25, cursor: "c" }],
  [
    { last: 2, before: "c" },
    { direction: "BACKWARD", limit: 2, cursor: "c" },
  ],
])("understands %j", (args, request) => {
  expect(toPageRequest(args)).toEqual(request);
});

it.each([
  [{ first: 0 }, "first"],
  [{ first: -1 }, "first"],
  [{ first: 101 }, "first"],
  [{ last: 0 }, "last"],
  [{ last: 101 }, "last"],
  [{ first: 1, last: 1 }, "first"],
  [{ first: 1, before: "c" }, "first"],
  [{ after: "a", before: "c" }, "after"],
  [{ last: 1, after: "a" }, "after"],
])("refuses %j and names the argument", (args, argument) => {
  expect(() => toPageRequest(args)).toThrow(
    expect.objectContaining({ code: "BAD_USER_INPUT", argument, field: [argument] }),
  );
});

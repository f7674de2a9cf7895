import { expect, it } from "vitest";
import { leastWidths } from "../../web/dashboard/parts/column-looks.ts";

it("makes a table as wide as the columns that it has room for, and no narrower", () => {
  const columns = [
    { id: "slug", header: "Slug", meta: { width: 100, grows: true } },
    { id: "status", header: "Status", meta: { width: 130, from: "medium" } },
    { id: "labels", header: "Labels", meta: { width: 80, grows: true, from: "wide" } },
  ];
  expect(leastWidths(columns)).toEqual({ "--narrow": "100px", "--medium": "230px", "--wide": "310px" });
});

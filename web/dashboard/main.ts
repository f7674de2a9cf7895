import { begin } from "./begin.ts";

// The service is asked while React, and all that is drawn with it, is still being read.
const begun = begin(window);
const root = document.getElementById("root");
if (root)
  import("./app.tsx").then(
    ({ draw }) => draw(begun, root),
    () => sayMissing(root),
  );

/** Without React, which is a part of what is missing. */
function sayMissing(root: HTMLElement): void {
  const text = document.createElement("p");
  text.role = "alert";
  text.textContent = "The dashboard could not be loaded. The service may have been updated, or is away at the moment.";
  const again = document.createElement("button");
  again.textContent = "Load it anew";
  again.addEventListener("click", () => window.location.reload());
  root.replaceChildren(text, again);
}

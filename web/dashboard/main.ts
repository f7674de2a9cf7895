import { begin } from "./begin.ts";

// The service is asked while React, and all that is drawn with it, is still being read.
const begun = begin(window);
const root = document.getElementById("root");
if (root) import("./app.tsx").then(({ draw }) => draw(begun, root));

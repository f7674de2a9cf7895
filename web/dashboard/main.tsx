import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./shell/global.css";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { followLinks, takeKeyOfLink } from "./session/key-of-link.ts";
import { Session } from "./session/session.ts";
import { preloadPage } from "./shell/pages.ts";

const session = new Session(window.sessionStorage, takeKeyOfLink(window.location, window.history));
followLinks(window, (key) => session.try(key));
preloadPage(window.location.pathname);
const root = document.getElementById("root");
if (root) createRoot(root).render(<App session={session} />);

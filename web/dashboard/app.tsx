import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./shell/global.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { createRoot } from "react-dom/client";
import type { Begun } from "./begin.ts";
import { Gate } from "./session/gate.tsx";
import { SessionContext } from "./session/use-session.ts";
import { Frame } from "./shell/frame.tsx";
import { theme, variables } from "./shell/theme.ts";

/** Draws the dashboard into an element of the page. */
export function draw(begun: Begun, root: HTMLElement): void {
  createRoot(root).render(<App {...begun} />);
}

function App({ session, door }: Begun) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <SessionContext value={session}>
        <Gate door={door}>
          <Frame />
        </Gate>
      </SessionContext>
    </MantineProvider>
  );
}

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { Gate } from "./session/gate.tsx";
import type { Session } from "./session/session.ts";
import { SessionContext } from "./session/use-session.ts";
import { Frame } from "./shell/frame.tsx";
import { theme, variables } from "./shell/theme.ts";

export function App({ session }: { readonly session: Session }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <SessionContext value={session}>
        <Gate>
          <Frame />
        </Gate>
      </SessionContext>
    </MantineProvider>
  );
}

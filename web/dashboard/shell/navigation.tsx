import { ActionIcon, Text, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconMoon, IconSun, IconTerminal2 } from "@tabler/icons-react";
import { Link, useRoute } from "wouter";
import { useSession, useViewer } from "../session/use-session.ts";
import classes from "./frame.module.css";
import type { Page } from "./pages.ts";

/** The pages that are offered, who is signed in, and what concerns the whole dashboard. */
export function Navigation({ pages }: { readonly pages: readonly Page[] }) {
  return (
    <nav className={classes.navigation} aria-label="Pages">
      <p className={classes.brand}>tenantry</p>
      <ul>{pages.map((page) => page.label && <Entry key={page.path} page={page} />)}</ul>
      <a className={classes.entry} href="/graphql">
        <IconTerminal2 size={18} aria-hidden="true" />
        <span>Playground</span>
      </a>
      <Foot />
    </nav>
  );
}

function Entry({ page: { path, label, icon: Icon } }: { readonly page: Page }) {
  const [exact] = useRoute(path);
  const [below] = useRoute(`${path}/*`);
  const here = exact || (path !== "/" && below);
  return (
    <li>
      <Link href={path} className={classes.entry ?? ""} aria-current={here ? "page" : undefined}>
        {Icon && <Icon size={18} aria-hidden="true" />}
        <span>{label}</span>
      </Link>
    </li>
  );
}

function Foot() {
  const session = useSession();
  const { name, role } = useViewer();
  return (
    <div className={classes.foot}>
      <div className={classes.viewer}>
        <Text size="xs" fw={600} truncate title={name}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {role}
        </Text>
      </div>
      <SchemeButton />
      <Tooltip label="Sign out">
        <ActionIcon variant="subtle" color="gray" aria-label="Sign out" onClick={() => session.end()}>
          <IconLogout size={18} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const next = useComputedColorScheme("light") === "dark" ? "light" : "dark";
  const label = next === "dark" ? "Dark colours" : "Light colours";
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => setColorScheme(next)}>
        {next === "dark" ? <IconMoon size={18} /> : <IconSun size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}

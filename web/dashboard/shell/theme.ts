import { type CSSVariablesResolver, createTheme } from "@mantine/core";

const tide = [
  "#e3fafc",
  "#c5f6fa",
  "#99e9f2",
  "#66d9e8",
  "#3bc9db",
  "#22b8cf",
  "#15aabf",
  "#0c8599",
  "#0b7285",
  "#095c6c",
] as const;

/** Dense and calm: an operator looks at it all day. */
export const theme = createTheme({
  primaryColor: "tide",
  // Dark enough for white text, also under the pointer.
  primaryShade: 8,
  colors: { tide },
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.125rem" }, h2: { fontSize: "0.9375rem" } } },
  components: {
    Button: { defaultProps: { size: "xs" } },
    TextInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    NumberInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    MultiSelect: { defaultProps: { size: "xs" } },
    TagsInput: { defaultProps: { size: "xs" } },
    Checkbox: { defaultProps: { size: "xs" } },
    Switch: { defaultProps: { size: "xs" } },
    Modal: {
      defaultProps: { centered: true, transitionProps: { duration: 0 }, closeButtonProps: { "aria-label": "Close" } },
    },
    Menu: { defaultProps: { transitionProps: { duration: 0 } } },
  },
});

/** Mantine's dimmed text is too faint to be read on its own grounds. */
const light = {
  "--mantine-color-dimmed": "#505a64",
  "--mantine-color-placeholder": "#5c6770",
  "--mantine-color-error": "#c92a2a",
  "--app-ground": "#f4f6f8",
  "--app-sunken": "#f4f6f8",
  "--app-line": "#d5dae0",
  "--app-faint-line": "#e9ecef",
  "--app-hover": "#f1f5f8",
  "--app-chosen": "#e3f4f8",
  "--app-link": "#0b6375",
  "--app-line-calm": "#0b7285",
  "--app-line-warm": "#d9480f",
  "--app-line-hot": "#862e9c",
  "--app-good": "#2b8a3e",
  "--app-fair": "#e67700",
  "--app-bad": "#c92a2a",
  "--app-busy": "#1864ab",
  "--app-calm": "#868e96",
  "--app-warning": "#fff3bf",
  "--app-on-warning": "#3d2900",
};

const dark = {
  "--mantine-color-body": "#171b20",
  "--mantine-color-dimmed": "#a7b0ba",
  "--mantine-color-placeholder": "#97a1ab",
  "--mantine-color-error": "#ff8787",
  "--app-ground": "#101317",
  "--app-sunken": "#1d2228",
  "--app-line": "#343b44",
  "--app-faint-line": "#262c33",
  "--app-hover": "#1e242b",
  "--app-chosen": "#12343d",
  "--app-link": "#66d9e8",
  "--app-line-calm": "#3bc9db",
  "--app-line-warm": "#ffa94d",
  "--app-line-hot": "#da77f2",
  "--app-good": "#51cf66",
  "--app-fair": "#fcc419",
  "--app-bad": "#ff6b6b",
  "--app-busy": "#4dabf7",
  "--app-calm": "#868e96",
  "--app-warning": "#4a3300",
  "--app-on-warning": "#ffec99",
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light, dark });

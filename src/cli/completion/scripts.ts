import type { WordNode } from "./word-tree.ts";

// Each script is complete in itself: it starts no process while somebody types.

/** For bash 3.2 and later, without the package bash-completion. */
export function bashScript(nodes: readonly WordNode[]): string {
  const cases = nodes.map(({ path, commands, options }) => {
    const words = commands.map(({ name }) => name).join(" ");
    const flags = options.map(({ flag }) => flag).join(" ");
    return `    "${path}") commands="${words}"; options="${flags}" ;;`;
  });
  return `# Completion of tenantry for bash: source <(tenantry completion bash)
_tenantry() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" word at commands options
  # A colon parts words in bash, and tenancy:validate is one.
  if [[ "$COMP_WORDBREAKS" == *:* && "$current" == ":" ]]; then current=""; fi
  local skip="" known="${knownPaths(nodes)}"
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    if [[ -n "$skip" ]]; then skip=""; continue; fi
    case " ${valueFlags(nodes)} " in *" $word "*) skip=1; continue ;; esac
    [[ "$word" == -* ]] && continue
    case "$known" in *"|\${path:+$path }$word|"*) path="\${path:+$path }$word" ;; esac
  done
${valueCases(nodes, (flag, values) => `  if [[ "$previous" == "${flag}" ]]; then COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$current")); return; fi`)}
  if [[ -n "$skip" ]]; then COMPREPLY=($(compgen -f -- "$current")); return; fi
  case "$path" in
${cases.join("\n")}
  esac
  if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$current"))
  else COMPREPLY=($(compgen -W "$commands" -- "$current")); fi
}
complete -F _tenantry tenantry
`;
}

/** For zsh. */
export function zshScript(nodes: readonly WordNode[]): string {
  const cases = nodes.map(({ path, commands, options }) => {
    const words = commands.map(({ name, description }) => quoted(`${name.replaceAll(":", "\\:")}:${description}`));
    const flags = options.map(({ flag, description }) => quoted(`${flag}:${description}`));
    return `    ${quoted(path)}) commands=(${words.join(" ")}); options=(${flags.join(" ")}) ;;`;
  });
  return `#compdef tenantry
# Completion of tenantry for zsh: source <(tenantry completion zsh)
_tenantry() {
  local known=${quoted(knownPaths(nodes))} values=${quoted(` ${valueFlags(nodes)} `)} line="" word skip="" at
  local -a commands options
  for ((at = 2; at < CURRENT; at++)); do
    word="\${words[at]}"
    if [[ -n "$skip" ]]; then skip=""; continue; fi
    [[ "$values" == *" $word "* ]] && { skip=1; continue; }
    [[ "$word" == -* ]] && continue
    [[ "$known" == *"|\${line:+$line }$word|"* ]] && line="\${line:+$line }$word"
  done
${valueCases(nodes, (flag, values) => `  if [[ "\${words[CURRENT-1]}" == ${quoted(flag)} ]]; then compadd -- ${values.map(quoted).join(" ")}; return; fi`)}
  if [[ -n "$skip" ]]; then _files; return; fi
  case "$line" in
${cases.join("\n")}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then _describe option options; else _describe command commands; fi
}
compdef _tenantry tenantry
`;
}

/** For fish. */
export function fishScript(nodes: readonly WordNode[]): string {
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const here = `-n ${quoted(`__tenantry_at ${quoted(path)}`)}`;
    return [
      ...commands.map(
        ({ name, description }) => `complete -c tenantry -f ${here} -a ${quoted(name)} -d ${quoted(description)}`,
      ),
      ...options.map(({ flag, description, takesValue, values }) => {
        const name = flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
        const value = values.length > 0 ? ` -x -a ${quoted(values.join(" "))}` : takesValue ? " -r" : "";
        return `complete -c tenantry ${here} ${name}${value} -d ${quoted(description)}`;
      }),
    ];
  });
  return `# Completion of tenantry for fish: tenantry completion fish | source
function __tenantry_at
  set -l known ${quoted(knownPaths(nodes))}
  set -l line ""
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$line $word")
    string match -q -- "*|$next|*" $known; and set line $next
  end
  test "$line" = "$argv[1]"
end
complete -c tenantry -f
${lines.join("\n")}
`;
}

/** Every command's words between bars, to look one up in. */
function knownPaths(nodes: readonly WordNode[]): string {
  return `|${nodes.map(({ path }) => path).join("|")}|`;
}

/** Options after which a word belongs to them. */
function valueFlags(nodes: readonly WordNode[]): string {
  const flags = nodes.flatMap(({ options }) => options.filter(({ takesValue }) => takesValue).map(({ flag }) => flag));
  return [...new Set(flags)].join(" ");
}

function valueCases(nodes: readonly WordNode[], line: (flag: string, values: readonly string[]) => string): string {
  const options = nodes.flatMap((node) => node.options).filter(({ values }) => values.length > 0);
  const byFlag = new Map(options.map(({ flag, values }) => [flag, values]));
  return [...byFlag].map(([flag, values]) => line(flag, values)).join("\n");
}

/** A word of a shell, whatever stands in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

import type { WordNode } from "./word-tree.ts";

// Each script is complete in itself: it starts no process while somebody types.

/** For bash 3.2 and later, without the package bash-completion. */
export function bashScript(nodes: readonly WordNode[]): string {
  const cases = nodes.map(({ path, commands, options }) => {
    const words = commands.map(({ name }) => name).join(" ");
    const flags = options.map(({ flag }) => flag).join(" ");
    return `    "${path}") commands="${words}"; options="${flags}" ;;`;
  });
  const choices = choicesOf(nodes).map(([flag, values]) => {
    return `      ${flag}) COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$current")) ;;`;
  });
  return `# Completion of tenantry for bash: source <(tenantry completion bash)
_tenantry() {
  local known="${knownPaths(nodes)}" values=" ${valueFlags(nodes)} "
  local words current previous="" path="" word skip="" commands="" options=""
  # The line itself, because bash parts words at a colon, and tenancy:validate is one.
  read -ra words <<< "\${COMP_LINE:0:COMP_POINT}"
  current="\${words[\${#words[@]}-1]}"
  if [[ "\${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]]; then current=""; else unset "words[\${#words[@]}-1]"; fi
  for word in "\${words[@]:1}"; do
    previous="$word"
    if [[ -n "$skip" ]]; then skip=""; continue; fi
    if [[ "$values" == *" $word "* ]]; then skip=1; continue; fi
    [[ "$known" == *"|\${path:+$path }$word|"* ]] && path="\${path:+$path }$word"
  done
  if [[ -n "$skip" ]]; then
    case "$previous" in
${choices.join("\n")}
      *) COMPREPLY=($(compgen -f -- "$current")) ;;
    esac
    return
  fi
  case "$path" in
${cases.join("\n")}
  esac
  [[ "$current" == -* ]] && commands="$options"
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
  # What stands before a colon is there already.
  if [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${current%"\${current##*:}"}"}"); fi
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
  const choices = choicesOf(nodes).map(([flag, values]) => {
    return `  [[ "\${words[CURRENT-1]}" == ${quoted(flag)} ]] && { compadd -- ${values.map(quoted).join(" ")}; return; }`;
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
${choices.join("\n")}
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

/** Options whose values are known, with them. */
function choicesOf(nodes: readonly WordNode[]): readonly (readonly [flag: string, values: readonly string[]])[] {
  const options = nodes.flatMap((node) => node.options).filter(({ values }) => values.length > 0);
  return [...new Map(options.map(({ flag, values }) => [flag, values]))];
}

/** A word of a shell, whatever stands in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

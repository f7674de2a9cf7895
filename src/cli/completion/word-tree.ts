import type { Command, Option } from "commander";

/** What may follow the words of a command that were typed. */
export interface WordNode {
  /** The command's words, with blanks between them; empty: none yet. */
  readonly path: string;
  /** Commands below it, or the words that it takes. */
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionWord[];
}

export interface OptionWord {
  /** With its hyphens. */
  readonly flag: string;
  readonly description: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** Values that it allows, if they are known. */
  readonly values: readonly string[];
}

/** Every command of a tree, under each of its names, with what may follow it. */
export function wordTree(root: Command): readonly WordNode[] {
  return nodesBelow(root, "", root.options);
}

function nodesBelow(command: Command, path: string, shared: readonly Option[]): readonly WordNode[] {
  const children = command.createHelp().visibleCommands(command);
  const node: WordNode = {
    path,
    commands: [
      ...children.flatMap((child) => namesOf(child).map((name) => ({ name, description: child.description() }))),
      ...command.registeredArguments.flatMap(({ argChoices, description }) =>
        (argChoices ?? []).map((name) => ({ name, description })),
      ),
    ],
    options: [...new Set([...command.options, ...shared])].flatMap(wordsOf),
  };
  const below = children.filter((child) => child.name() !== "help");
  return [
    node,
    ...below.flatMap((child) => namesOf(child).flatMap((name) => nodesBelow(child, `${path} ${name}`.trim(), shared))),
  ];
}

function namesOf(command: Command): readonly string[] {
  return [command.name(), ...command.aliases()];
}

function wordsOf({ long, short, description, argChoices, required, optional }: Option): readonly OptionWord[] {
  const word = { description, takesValue: required || optional, values: argChoices ?? [] };
  return [long, short].flatMap((flag) => (flag ? [{ flag, ...word }] : []));
}

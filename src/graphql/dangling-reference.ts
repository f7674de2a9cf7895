/** A row points to one that is not there: the registry is inconsistent. Never shown as such to a client. */
export class DanglingReference extends Error {
  override readonly name = "DanglingReference";
  constructor(kind: string, id: string) {
    super(`There is no ${kind} ${id}, but something refers to it.`);
  }
}

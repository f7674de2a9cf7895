import type { Api } from "../api/api.ts";
import { ViewerDocument } from "../gql/graphql.ts";
import type { Session } from "./session.ts";

/**
 * The API with the session's key: open as long as somebody tries one or is signed in. It knows no React, so that the service is
 * asked who the key belongs to before anything can be drawn.
 */
export class Door {
  #opened: { readonly key: string; readonly api: Api } | undefined;

  /** @param open makes the API with a key */
  constructor(
    private readonly session: Session,
    private readonly open: (key: string) => Api,
  ) {
    session.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Undefined while nobody has a key. */
  readonly current = (): Api | undefined => this.#opened?.api;

  #follow(): void {
    const state = this.session.current();
    const key = state.phase === "out" ? undefined : state.key;
    if (key === this.#opened?.key) return;
    this.#opened?.api.close();
    this.#opened = key === undefined ? undefined : { key, api: this.open(key) };
    if (key !== undefined) void this.#askWhoseKey(key);
  }

  /** Where it gets no answer, the page goes on asking. */
  async #askWhoseKey(key: string): Promise<void> {
    const asked = await this.#opened?.api.client.query(ViewerDocument, {}).toPromise();
    const state = this.session.current();
    if (asked?.data && state.phase === "trying" && state.key === key) this.session.begin(key, asked.data.viewer);
  }
}

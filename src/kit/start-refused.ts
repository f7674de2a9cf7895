/** The service cannot start, for a reason that whoever starts it can remove; the message says how, so nobody needs a stack. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

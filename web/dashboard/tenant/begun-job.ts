/** Something that was begun for a tenant. */
export interface BegunJob {
  readonly id: string;
  readonly title: string;
}

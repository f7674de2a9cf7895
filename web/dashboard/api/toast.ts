import { notifications } from "@mantine/notifications";
import type { Refusal } from "./refusal.ts";

/** Says for a moment what was not done. The same thing is not said twice at once. */
export function toast({ code, message }: Refusal): void {
  notifications.show({ id: `${code} ${message}`, color: "red", title: code, message, autoClose: 8_000 });
}

/** Says for a moment what was done. */
export function toastDone(message: string): void {
  notifications.show({ color: "green", message, autoClose: 4_000 });
}

import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/** A dialog that is open as long as it is there. Whoever works by keyboard is afterwards where they were before. */
export function Dialog(props: Omit<ModalProps, "opened">) {
  const [before] = useState(() => lastingPlaceOf(document.activeElement));
  useEffect(() => () => before?.focus({ preventScroll: true }), [before]);
  return <Modal opened {...props} />;
}

/** An entry of a menu is gone with the menu: what opened the menu stays. */
function lastingPlaceOf(element: Element | null): HTMLElement | undefined {
  const opener = element?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const place = opener ? document.getElementById(opener) : element;
  return place instanceof HTMLElement ? place : undefined;
}

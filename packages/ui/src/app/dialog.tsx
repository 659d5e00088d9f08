import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Dialog as AriaDialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type DialogProps = {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
  /** "alertdialog" asks before something that cannot be taken back. */
  role?: "dialog" | "alertdialog";
  /** A sheet rises from the lower edge on a phone and stands at the side of a wide screen. */
  kind?: "dialog" | "sheet";
  /** id of what gets the focus when the control that opened the box is gone by the time it closes */
  returnTo?: string | undefined;
};

/** A modal box, drawn only in the browser. Esc and the cross close it and give focus back. */
export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, actions, role = "dialog", kind = "dialog", returnTo } = props;
  const sheet = kind === "sheet";
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={role === "dialog"}
      className={cx(
        "fixed inset-0 z-50 flex scrim",
        sheet
          ? "items-end justify-center md:items-stretch md:justify-end"
          : "items-end justify-center p-4 sm:items-center",
      )}
    >
      <Modal
        className={cx(
          "flex max-h-full w-full flex-col overflow-auto border border-border bg-raised shadow-dialog outline-none",
          sheet ? "max-h-[85dvh] rounded-t-sheet md:max-h-none md:w-96 md:rounded-none" : "max-w-md rounded-sheet",
        )}
      >
        <AriaDialog role={role} className="flex min-h-0 flex-1 flex-col outline-none">
          <ReturnFocus to={returnTo} />
          <div className="flex items-start justify-between gap-4 px-5 pt-4">
            <Heading slot="title" level={2} className="text-16 font-semibold text-text">
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose} className="-mt-1 -mr-2">
              <X aria-hidden="true" className="size-4" />
            </IconButton>
          </div>
          <div className="px-5 pt-2 pb-4 text-14 text-text">{children}</div>
          {actions === undefined ? null : (
            <div className="mt-auto flex flex-wrap justify-end gap-2 border-t border-border px-5 py-3">{actions}</div>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function ReturnFocus({ to }: { to: string | undefined }) {
  // Whoever closes the box may take the id away before it is gone.
  const last = useRef(to);
  useEffect(() => {
    if (to !== undefined) last.current = to;
  }, [to]);
  useEffect(
    () => () => {
      // The library gives focus back a frame after closing; what it found gone is ours to place.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (document.activeElement === document.body && last.current !== undefined) {
            document.getElementById(last.current)?.focus();
          }
        }),
      );
    },
    [],
  );
  return null;
}

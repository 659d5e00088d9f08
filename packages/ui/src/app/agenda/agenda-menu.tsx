import type { RefObject } from "react";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";

import type { AgendaAction } from "./actions.ts";

type MenuProps = {
  label: string;
  actions: AgendaAction[];
  anchor: RefObject<Element | null>;
  onAction: (id: string) => void;
  onClose: () => void;
};

/** What can be done with the place the cursor is on. Opened by Shift+F10, by the menu key, or by a second button. */
export function AgendaMenu({ label, actions, anchor, onAction, onClose }: MenuProps) {
  return (
    <Popover
      isOpen
      aria-label={label}
      triggerRef={anchor}
      placement="bottom start"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className="min-w-56 rounded-card border border-border bg-raised p-1 shadow-popover"
    >
      <Menu
        aria-label={label}
        // A menu that was asked for takes the focus; Esc gives it back.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus="first"
        onAction={(key) => onAction(String(key))}
        onClose={onClose}
        className="outline-none"
      >
        {actions.map((action) => (
          <MenuItem
            key={action.id}
            id={action.id}
            textValue={action.label}
            className="flex min-h-8 cursor-pointer items-center justify-between gap-4 rounded-input px-2.5 text-14 text-text outline-none data-[focused]:bg-brand-soft pointer-coarse:min-h-11"
          >
            {action.label}
            {action.key === undefined ? null : <kbd className="font-sans text-13 text-muted">{action.key}</kbd>}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}

import { ArrowUp } from "lucide-react";
import { Button } from "./button.tsx";

/** Rows that wait above a list until someone asks for them. Its height is kept when there are none: nothing moves. */
export function NewRowsButton({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="flex min-h-8 items-center pointer-coarse:min-h-11">
      {count === 0 ? null : (
        <Button kind="secondary" onPress={onShow} className="border-brand text-brand">
          <ArrowUp aria-hidden="true" className="size-4" />
          {count} new
        </Button>
      )}
    </div>
  );
}

import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// Our own names for sizes and radii, so that merging knows which classes set the same thing.
const merge = extendTailwindMerge({
  extend: {
    theme: { text: ["13", "14", "16", "18", "20", "24", "30", "40", "56"], radius: ["input", "card", "sheet"] },
  },
});

/** Joins class names; of two that set the same thing the later one wins. */
export const cx = (...classes: ClassValue[]): string => merge(clsx(classes));
